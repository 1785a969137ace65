package dss.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.cluster.Address;
import dss.core.cluster.Changes;
import dss.core.cluster.ClusterState;
import dss.core.cluster.Settings;
import dss.core.cluster.StateCommand;
import dss.core.ecs.Controller;
import dss.core.ecs.Controller.TrustRefused;
import dss.core.ecs.ServerReport;
import dss.core.ecs.ServerReport.Slow;
import dss.core.planted.PlantedBugs;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HappeningsTest {
  private final EventLog events = new EventLog();
  private final Happenings happenings = new Happenings(events);
  private ClusterState state = ClusterState.created("c", Settings.of(4, 3),
      List.of(new Address("127.0.0.1", 7000)));

  HappeningsTest() {
    for (int server = 1; server <= 3; server++) {
      apply(new StateCommand.Register("id" + server, server, 1, server, List.of(),
          new Address("127.0.0.1", 7000 + server), new Address("127.0.0.1", 17_000 + server), ""));
    }
    events.takeUnsaved();
  }

  private void apply(StateCommand command) {
    var decided = Changes.decide(state, command).events();
    ClusterState before = state;
    state = state.evolve(decided);
    happenings.changed(before, state, decided, command);
  }

  private List<String> told() {
    return events.takeUnsaved().stream().map(EventLog.Event::what).toList();
  }

  @Test
  void aSlowServer_isToldOnce_whoeverSaysSo_andThatItIsOver() {
    var controller = new Controller(state, TrustRefused.OFF, PlantedBugs.NONE);
    controller.leading(0);
    for (int by : List.of(1, 2)) {
      controller.heard(by, 1, reporting(List.of(new Slow(3, 210, 2))), 0);
      happenings.slow(controller, 0);
    }
    assertThat(told()).singleElement().asString().startsWith("server 127.0.0.1:7003 is slow")
        .contains("210 ms", "after 2 ms", "as 127.0.0.1:7001 says");
    controller.heard(1, 1, reporting(List.of()), 0);
    happenings.slow(controller, 0);
    assertThat(told()).as("another one still says so").isEmpty();
    controller.heard(2, 1, reporting(List.of()), 0);
    happenings.slow(controller, 0);
    assertThat(told()).singleElement().asString().startsWith("server 127.0.0.1:7003 is taken in again");
  }

  @Test
  void aServerThatStepsBack_andThatMayLeadAgain() {
    apply(new StateCommand.SetStopping(2, 1, true));
    apply(new StateCommand.SetStopping(2, 1, false));
    assertThat(told()).containsExactly("server 127.0.0.1:7002 steps back: others lead where they can",
        "server 127.0.0.1:7002 may lead again");
  }

  private ServerReport reporting(List<Slow> slow) {
    return new ServerReport(state.version(), Map.of(), Map.of(), new ServerReport.Copies(0, 0, 0, 0, 0),
        List.of(), false, false, slow);
  }
}
