package dss.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.cluster.Address;
import dss.core.cluster.Changes;
import dss.core.cluster.ClusterState;
import dss.core.cluster.Settings;
import dss.core.cluster.StateCommand;
import dss.core.cluster.StateCommand.InSyncChange;
import dss.core.cluster.StateCommand.WantChange;
import dss.core.ecs.Controller;
import dss.core.ecs.Controller.TrustRefused;
import dss.core.ecs.ServerReport;
import dss.core.planted.PlantedBugs;
import dss.protocol.Bytes;
import dss.protocol.Slots;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WhyTest {
  private static final Bytes KEY = Bytes.utf8("user:17");

  private final EventLog events = new EventLog();
  private final Happenings happenings = new Happenings(events);
  private ClusterState state = ClusterState.created("c", Settings.of(4, 3),
      List.of(new Address("127.0.0.1", 7000)));

  WhyTest() {
    for (int server = 1; server <= 3; server++) {
      apply(new StateCommand.Register("id" + server, server, 1, server, List.of(),
          new Address("127.0.0.1", 7000 + server),
          new Address("127.0.0.1", 17_000 + server), ""));
      apply(new StateCommand.SetMember(server, true));
    }
  }

  private void apply(StateCommand command) {
    var decided = Changes.decide(state, command).events();
    if (!decided.isEmpty()) {
      ClusterState before = state;
      state = state.evolve(decided);
      happenings.changed(before, state, decided, command);
    }
  }

  private int shard() {
    return state.shardOf(Slots.of(KEY));
  }

  private void foundedAndMoving() {
    apply(new StateCommand.Found(1, List.of(0, 1, 2, 3)));
    apply(new StateCommand.SetInSync(1, 1,
        List.of(new InSyncChange(shard(), state.row(shard()).epoch(), List.of(1, 2), List.of(1L, 1L)))));
    apply(new StateCommand.Want(List.of(new WantChange(shard(), state.row(shard()).epoch(), List.of(1, 3)))));
  }

  private Why why(ServerReport ofPrimary) {
    var controller = new Controller(state, TrustRefused.OFF, PlantedBugs.NONE);
    controller.leading(0);
    controller.heard(1, 1, ofPrimary, 0);
    return new Why(controller, events, 1);
  }

  private ServerReport serving(long epoch) {
    return new ServerReport(state.version(), Map.of(), Map.of(shard(), epoch),
        new ServerReport.Copies(4, 4, 9, 900, 5),
        List.of(new ServerReport.Transfer(shard(), 3, 0.4, 100, 50)), false, false);
  }

  @Test
  void aKeysCopies_areToldWithWhatTheyAre_andWhatMovedThemAndWhy() {
    foundedAndMoving();
    Why.OfKey why = why(serving(state.row(shard()).epoch())).key(KEY);
    assertThat(why.copies())
        .extracting(Why.CopyLine::server, Why.CopyLine::role, Why.CopyLine::wanted, Why.CopyLine::done)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("127.0.0.1:7001", "primary", true, -1.0),
            org.assertj.core.groups.Tuple.tuple("127.0.0.1:7002", "backup", false, -1.0),
            org.assertj.core.groups.Tuple.tuple("127.0.0.1:7003", "learner", true, 0.4));
    assertThat(why.state()).contains("on the move");
    assertThat(why.lagMs()).isEqualTo(5);
    assertThat(WhyText.of(why)).contains("slot       " + Slots.of(KEY) + " of shard " + shard())
        .containsPattern(
            "last move +\\S+  shard " + shard() + " .*wanted 127.0.0.1:7001\\+127.0.0.1:7003: placement")
        .containsPattern("before it +\\S+  server 127.0.0.1:7003 added").contains("40 % sent");
    assertThat(WhyText.json(why)).containsEntry("shard", shard()).containsKeys("copies", "lastMove",
        "before");
  }

  @Test
  void thatSomethingMovesOnAServer_isNoCause_butThatItIsDown() {
    foundedAndMoving();
    events.add("server 127.0.0.1:7003 STOPPED -> ACTIVATED");
    apply(new StateCommand.Want(List.of(new WantChange(shard(), state.row(shard()).epoch(), List.of(3, 1)))));
    Why why = why(serving(9));
    assertThat(why.key(KEY).before()).extracting(EventLog.Event::what)
        .isEqualTo("server 127.0.0.1:7003 added");
    events.add("server 127.0.0.1:7002 ACTIVATED -> DOWN");
    apply(new StateCommand.Want(List.of(new WantChange(shard(), state.row(shard()).epoch(), List.of(1, 3)))));
    assertThat(why.key(KEY).before()).extracting(EventLog.Event::what)
        .isEqualTo("server 127.0.0.1:7002 ACTIVATED -> DOWN");
  }

  @Test
  void whyAKeyIsNotServed_isSaid() {
    assertThat(why(ServerReport.NOTHING).key(KEY).state()).contains("not founded");
    foundedAndMoving();
    assertThat(why(serving(0)).key(KEY).state()).contains("does not serve in this epoch yet");
    var controller = new Controller(state, TrustRefused.OFF, PlantedBugs.NONE);
    controller.leading(0);
    assertThat(new Why(controller, events, 5_000).key(KEY).state()).contains("DOWN");
  }

  @Test
  void aServer_isToldWithWhatMovesAndWhatHappenedToIt() {
    foundedAndMoving();
    Why.OfServer why = why(serving(9)).server(java.util.Objects.requireNonNull(state.server(3)));
    assertThat(why.coming()).isEqualTo(1);
    assertThat(why.copies()).isZero();
    assertThat(why.events()).extracting(EventLog.Event::what).last().asString()
        .isEqualTo("server 127.0.0.1:7003 added");
    assertThat(WhyText.of(why)).contains("1 copies are to come, 0 to go");
    assertThat(WhyText.json(why)).containsEntry("status", "IN_TRANSFER");
  }
}
