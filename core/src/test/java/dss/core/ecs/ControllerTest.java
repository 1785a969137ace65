package dss.core.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.cluster.Address;
import dss.core.cluster.Changes;
import dss.core.cluster.ClusterState;
import dss.core.cluster.Settings;
import dss.core.cluster.StateCommand;
import dss.core.ecs.Controller.TrustRefused;
import dss.core.placement.Placement;
import dss.core.planted.PlantedBugs;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ControllerTest {
  private static final long LATE = 1_000_000;

  private ClusterState state = ClusterState.created("c", Settings.of(4, 3).withTrustRefused(true),
      List.of(new Address("127.0.0.1", 7000)));

  private void apply(StateCommand command) {
    var events = Changes.decide(state, command).events();
    state = events.isEmpty() ? state : state.evolve(events);
  }

  private void register(String id, String host) {
    apply(new StateCommand.Register(id, 1, 1, id.hashCode(), List.of(), new Address(host, 7001),
        new Address(host, 17001),
        ""));
  }

  private Controller controller(TrustRefused trust) {
    var controller = new Controller(state, trust, PlantedBugs.NONE);
    controller.leading(0);
    return controller;
  }

  private static ServerReport report(boolean locked) {
    return new ServerReport(1, Map.of(), Map.of(), new ServerReport.Copies(0, 0, 0, 0, 0), List.of(), false,
        locked);
  }

  private static boolean turnsTrustOff(List<StateCommand> due) {
    return due.stream()
        .anyMatch(c -> c instanceof StateCommand.SetSettings s && !s.settings().trustRefused());
  }

  @Test
  void refusalsAreTrusted_onlyWhereAllAddressesAreLoopback() {
    register("a", "127.0.0.1");
    assertThat(turnsTrustOff(controller(TrustRefused.AUTO).tick(1))).isFalse();
    register("b", "db.example");
    assertThat(turnsTrustOff(controller(TrustRefused.AUTO).tick(1))).isTrue();
    assertThat(turnsTrustOff(controller(TrustRefused.ON).tick(1))).isFalse();
    assertThat(turnsTrustOff(controller(TrustRefused.OFF).tick(1))).isTrue();
  }

  @Test
  void aServerThatRegistersLate_isNeitherDownNorForgotten() {
    Controller controller = controller(TrustRefused.AUTO);
    register("a", "127.0.0.1");
    controller.stateChanged(state);
    List<StateCommand> due = controller.tick(LATE);
    assertThat(due).noneMatch(c -> c instanceof StateCommand.Forget);
    assertThat(controller.status(state.servers().iterator().next(), LATE)).isEqualTo(ServerStatus.STOPPED);
  }

  @Test
  void aPreview_saysWhatAChangeWouldMove_andChangesNothing() {
    for (String id : List.of("a", "b", "c")) {
      register(id, "127.0.0.1");
    }
    for (int server = 1; server <= 3; server++) {
      apply(new StateCommand.SetMember(server, true));
    }
    apply(new StateCommand.Found(1, List.of(0, 1, 2, 3)));
    List<StateCommand.WantChange> wants = IntStream.range(0, 4)
        .mapToObj(shard -> new StateCommand.WantChange(shard, state.row(shard).epoch(), List.of(shard % 3 + 1,
            (shard + 1) % 3 + 1, (shard + 2) % 3 + 1)))
        .toList();
    apply(new StateCommand.Want(wants));
    Controller controller = controller(TrustRefused.AUTO);
    Preview add = controller.preview(new Placement.Site(4, "d", "127.0.0.1", ""), true, 1);
    assertThat(add.copiesMoved()).isEqualTo(3);
    assertThat(add.shardsMoved()).isEqualTo(3);
    assertThat(add.shares().get(4)).isEqualTo(new Preview.Share(0, 3, 0, 1));
    assertThat(add.now()).isEqualTo(wants.stream().map(StateCommand.WantChange::wanted).toList());
    Preview remove = controller.preview(new Placement.Site(3, "c", "127.0.0.1", ""), false, 1);
    assertThat(remove.copiesMoved()).isZero();
    assertThat(remove.primariesMoved()).isEqualTo(1);
    assertThat(remove.shares().get(3)).isEqualTo(new Preview.Share(4, 0, 1, 0));
    assertThat(controller.state()).isSameAs(state);
  }

  @Test
  void aGoneServerOfNoShard_isForgottenAfterAWhile() {
    register("a", "127.0.0.1");
    Controller controller = controller(TrustRefused.AUTO);
    controller.processGone(1);
    assertThat(controller.tick(10)).noneMatch(c -> c instanceof StateCommand.Forget);
    assertThat(controller.tick(10 + 59_000)).noneMatch(c -> c instanceof StateCommand.Forget);
    assertThat(controller.tick(10 + 60_000)).contains(new StateCommand.Forget(1));
  }

  @Test
  void aRemovedServerWithShards_isNotBalancedBeforeThePlanIsMadeAnew() {
    register("a", "127.0.0.1");
    register("b", "127.0.0.1");
    apply(new StateCommand.SetMember(1, true));
    apply(new StateCommand.Found(1, List.of(0, 1, 2, 3)));
    Controller controller = controller(TrustRefused.AUTO);
    controller.heard(1, 1, new ServerReport(LATE, Map.of(), Map.of(0, 9L, 1, 9L, 2, 9L, 3, 9L),
        new ServerReport.Copies(4, 4, 0, 0, 0), List.of(), false, false), 1);
    controller.heard(2, 1,
        new ServerReport(LATE, Map.of(), Map.of(), new ServerReport.Copies(0, 0, 0, 0, 0), List.of(),
            false, false),
        1);
    controller.tick(1);
    assertThat(controller.isBalanced(1)).isTrue();
    apply(new StateCommand.SetMember(2, true));
    apply(new StateCommand.SetMember(1, false));
    controller.stateChanged(state);
    assertThat(controller.isBalanced(1)).isFalse();
  }

  @Test
  void aLockedMember_isInTransfer() {
    register("a", "127.0.0.1");
    apply(new StateCommand.SetMember(1, true));
    apply(new StateCommand.Found(1, List.of(0, 1, 2, 3)));
    Controller controller = controller(TrustRefused.AUTO);
    controller.heard(1, 1, report(false), 1);
    controller.tick(1);
    assertThat(controller.status(state.servers().iterator().next(), 1)).isEqualTo(ServerStatus.ACTIVATED);
    controller.heard(1, 1, report(true), 2);
    assertThat(controller.status(state.servers().iterator().next(), 2)).isEqualTo(ServerStatus.IN_TRANSFER);
    assertThat(controller.statuses(2)).isEqualTo(Map.of(1, ServerStatus.IN_TRANSFER));
  }

  @Test
  void aServerSilentForDead_isDown_notBefore() {
    register("a", "127.0.0.1");
    Controller controller = controller(TrustRefused.AUTO);
    controller.tick(1);
    controller.heard(1, 1, report(false), 5);
    int dead = state.settings().deadMs();
    for (long now : new long[]{6, 500, 4 + dead}) {
      controller.tick(now);
      assertThat(controller.status(state.servers().iterator().next(), now)).isEqualTo(ServerStatus.STOPPED);
    }
    controller.tick(5 + dead);
    assertThat(controller.status(state.servers().iterator().next(), 5 + dead)).isEqualTo(ServerStatus.DOWN);
  }

  private static ServerReport report(boolean diskLow, ServerReport.Copies copies) {
    return new ServerReport(LATE, Map.of(), Map.of(), copies, List.of(), diskLow, false);
  }

  private List<List<Integer>> wanted(Controller controller, long now) {
    controller.stateChanged(state);
    controller.tick(now).forEach(this::apply);
    return IntStream.range(0, state.shards()).mapToObj(shard -> state.row(shard).wanted()).toList();
  }

  private void threeMembersFoundedByTheFirst() {
    for (int server = 1; server <= 3; server++) {
      register("s" + server, "127.0.0.1");
      apply(new StateCommand.SetMember(server, true));
    }
    apply(new StateCommand.Found(1, List.of(0, 1, 2, 3)));
  }

  @Test
  void aNewEcs_plansNothingBeforeEveryLiveMemberHasSaidWhetherItHasSpace() {
    threeMembersFoundedByTheFirst();
    Controller controller = controller(TrustRefused.AUTO);
    var none = new ServerReport.Copies(0, 0, 0, 0, 0);
    assertThat(wanted(controller, 1)).containsOnly(List.of(1));
    controller.heard(1, 1, report(false, none), 2);
    controller.heard(2, 1, report(false, none), 2);
    assertThat(wanted(controller, 3)).containsOnly(List.of(1));
    controller.heard(3, 1, report(true, none), 4);
    assertThat(wanted(controller, 5)).allMatch(w -> w.size() == 2 && !w.contains(3));
  }

  @Test
  void aNewEcs_waitsNoLongerForADeadMember() {
    threeMembersFoundedByTheFirst();
    Controller controller = controller(TrustRefused.AUTO);
    int dead = state.settings().deadMs();
    var none = new ServerReport.Copies(0, 0, 0, 0, 0);
    assertThat(wanted(controller, 1)).containsOnly(List.of(1));
    controller.heard(1, 1, report(false, none), dead);
    controller.heard(2, 1, report(false, none), dead);
    assertThat(wanted(controller, dead)).containsOnly(List.of(1));
    assertThat(wanted(controller, dead + 1)).allMatch(w -> w.size() == 2 && !w.contains(3));
  }

  @Test
  void aNewEcs_leavesADeadMemberItsCopiesUntilTheRepairDelayIsOver() {
    threeMembersFoundedByTheFirst();
    Controller before = controller(TrustRefused.AUTO);
    var none = new ServerReport.Copies(0, 0, 0, 0, 0);
    for (int server = 1; server <= 3; server++) {
      before.heard(server, 1, report(false, none), 1);
    }
    assertThat(wanted(before, 2)).allMatch(w -> w.size() == 3);
    Controller after = controller(TrustRefused.AUTO);
    int down = state.settings().deadMs();
    for (int now = 0; now < down + state.settings().repairAfterMs() + 100; now += 100) {
      after.heard(1, 1, report(false, none), now);
      after.heard(2, 1, report(false, none), now);
      boolean over = now >= down + state.settings().repairAfterMs();
      assertThat(wanted(after, now)).as("at %d", now).allMatch(w -> w.contains(3) != over);
    }
  }

  private List<ServerStatus> statuses(boolean locked) {
    var statuses = new Statuses(state, new BitSet());
    return state.servers().stream().map(server -> statuses.of(server, locked)).toList();
  }

  private void want(int shard, Integer... servers) {
    apply(new StateCommand.Want(
        List.of(new StateCommand.WantChange(shard, state.row(shard).epoch(), List.of(servers)))));
  }

  @Test
  void whoeverACopyComesToOrLeaves_orThePrimaryMovesBetween_isInTransfer() {
    register("a", "127.0.0.1");
    register("b", "127.0.0.1");
    register("c", "127.0.0.1");
    apply(new StateCommand.SetMember(1, true));
    apply(new StateCommand.Found(1, List.of(0, 1, 2, 3)));
    assertThat(statuses(false)).containsExactly(ServerStatus.ACTIVATED, ServerStatus.STOPPED,
        ServerStatus.STOPPED);
    assertThat(statuses(true)).containsExactly(ServerStatus.IN_TRANSFER, ServerStatus.STOPPED,
        ServerStatus.STOPPED);
    want(2, 1, 2);
    assertThat(statuses(false)).as("a copy comes to the second").containsExactly(ServerStatus.ACTIVATED,
        ServerStatus.IN_TRANSFER, ServerStatus.STOPPED);
    want(2, 3);
    assertThat(statuses(false)).as("all goes from the first to the third").containsExactly(
        ServerStatus.IN_TRANSFER, ServerStatus.STOPPED, ServerStatus.IN_TRANSFER);
    want(2, 3, 1);
    assertThat(statuses(false)).as("the primary goes to the third").containsExactly(
        ServerStatus.IN_TRANSFER, ServerStatus.STOPPED, ServerStatus.IN_TRANSFER);
  }

  @Test
  void aFullServer_isPlannedAroundOnceItSaysSo_andTakenInOnceItHasSpace() {
    threeMembersFoundedByTheFirst();
    Controller controller = controller(TrustRefused.AUTO);
    var none = new ServerReport.Copies(0, 0, 0, 0, 0);
    for (int server = 1; server <= 3; server++) {
      controller.heard(server, 1, report(server == 3, none), 1);
    }
    assertThat(wanted(controller, 2)).allMatch(w -> w.size() == 2);
    controller.heard(3, 1, report(false, none), 3);
    assertThat(wanted(controller, 4)).allMatch(w -> w.size() == 3);
  }
}
