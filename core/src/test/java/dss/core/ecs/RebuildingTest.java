package dss.core.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.cluster.Address;
import dss.core.cluster.Changes;
import dss.core.cluster.ClusterState;
import dss.core.cluster.Row;
import dss.core.cluster.Settings;
import dss.core.cluster.StateCommand;
import dss.core.cluster.StateEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RebuildingTest {
  private static final List<Address> ECS = List.of(new Address("127.0.0.1", 7000));
  private static final List<Address> NEW_ECS = List.of(new Address("127.0.0.1", 7100));

  /** Three members; shard 0 on 1 and 2, shard 1 on 2 and 3, the others on 1. */
  private static ClusterState cluster() {
    ClusterState state = ClusterState.created("c".repeat(32), Settings.of(4, 2), ECS);
    for (int server = 1; server <= 3; server++) {
      state = changed(state, new StateCommand.Register("s" + server, 1, 1, 7, List.of(),
          new Address("127.0.0.1", 7000 + server), new Address("127.0.0.1", 17_000 + server), ""));
      state = changed(state, new StateCommand.SetMember(server, true));
    }
    return state.evolve(List.of(new StateEvent.RowsChanged(List.of(
        row(0, 5, 1, List.of(1, 2)), row(1, 6, 2, List.of(2, 3)), row(2, 7, 1, List.of(1)),
        row(3, 8, 1, List.of(1))))));
  }

  private static StateEvent.RowChange row(int shard, long epoch, int primary, List<Integer> inSync) {
    return new StateEvent.RowChange(shard, new Row(epoch, primary, inSync, inSync, false, false));
  }

  private static ClusterState changed(ClusterState state, StateCommand command) {
    return state.evolve(Changes.decide(state, command).events());
  }

  private static List<HeldCopy> copies(HeldCopy... copies) {
    return new ArrayList<>(List.of(copies));
  }

  @Test
  void theNewestStateCounts_andEverythingBeginsAboveIt() {
    ClusterState state = cluster();
    var rebuilding = new Rebuilding();
    rebuilding.heard("s1", ClusterState.created("c".repeat(32), Settings.of(4, 2), ECS), false, copies());
    rebuilding.heard("s2", state, false, copies(new HeldCopy(0, 5, 10), new HeldCopy(1, 6, 3)));
    assertThat(rebuilding.missing()).extracting("number").containsExactly(3);
    rebuilding.heard("s3", null, false, copies(new HeldCopy(1, 6, 3)));
    assertThat(rebuilding.missing()).isEmpty();
    ClusterState rebuilt = rebuilding.state(NEW_ECS);
    assertThat(rebuilt.version()).isGreaterThan(state.version() + 1000);
    assertThat(rebuilt.ecs()).isEqualTo(NEW_ECS);
    assertThat(rebuilt.members()).isEqualTo(state.members());
    for (int shard = 0; shard < 4; shard++) {
      assertThat(rebuilt.row(shard).epoch()).isGreaterThan(state.row(shard).epoch() + 1000);
      assertThat(rebuilt.row(shard).inSync()).isEqualTo(state.row(shard).inSync());
      assertThat(rebuilt.row(shard).primary()).isEqualTo(state.row(shard).primary());
    }
  }

  /** All lost power before they wrote down that shard 0 was handed over: the new primary's log tells. */
  @Test
  void aLogOfALaterEpochThanItsRow_isTheOnlyOneThatIsTrusted() {
    var rebuilding = new Rebuilding();
    rebuilding.heard("s1", cluster(), false, copies(new HeldCopy(0, 5, 12), new HeldCopy(2, 7, 1)));
    rebuilding.heard("s2", cluster(), false, copies(new HeldCopy(0, 9, 11), new HeldCopy(1, 6, 3)));
    rebuilding.heard("s3", cluster(), false, copies(new HeldCopy(0, 9, 10), new HeldCopy(1, 6, 3)));
    Row row = rebuilding.state(NEW_ECS).row(0);
    assertThat(row.primary()).isEqualTo(2);
    assertThat(row.inSync()).containsExactly(2);
    assertThat(row.epoch()).isGreaterThan(1000);
    assertThat(rebuilding.state(NEW_ECS).row(2).inSync()).containsExactly(1);
  }

  /** With loss accepted a shard none of whose copies in sync has answered goes on with what there is. */
  @Test
  void whereNoCopyInSyncAnswers_theNewestOtherOneIsTaken() {
    var rebuilding = new Rebuilding();
    rebuilding.heard("s3", cluster(), false, copies(new HeldCopy(0, 4, 2), new HeldCopy(1, 6, 3)));
    assertThat(rebuilding.missing()).extracting("number").containsExactly(1, 2);
    assertThat(rebuilding.endangered()).containsExactly(0, 1, 2, 3);
    ClusterState rebuilt = rebuilding.state(NEW_ECS);
    assertThat(rebuilt.row(0).inSync()).containsExactly(3);
    assertThat(rebuilt.row(1).inSync()).as("3 was in sync").containsExactly(2, 3);
    assertThat(rebuilt.row(2).inSync()).as("nobody has it: it waits").containsExactly(1);
  }

  /** The same, but no entry was written since: the one that was dropped from the set is behind. */
  @Test
  void afterARestart_aCopyThatIsBehindTheOthers_isNoLongerInSync() {
    var rebuilding = new Rebuilding();
    rebuilding.heard("s1", cluster(), true, copies(new HeldCopy(0, 5, 12)));
    rebuilding.heard("s2", cluster(), true, copies(new HeldCopy(0, 5, 13), new HeldCopy(1, 6, 3)));
    rebuilding.heard("s3", cluster(), true, copies(new HeldCopy(1, 6, 3)));
    ClusterState rebuilt = rebuilding.state(NEW_ECS);
    assertThat(rebuilt.row(0).inSync()).containsExactly(2);
    assertThat(rebuilt.row(0).primary()).isEqualTo(2);
    assertThat(rebuilt.row(1).inSync()).containsExactly(2, 3);
    assertThat(rebuilt.row(1).primary()).isEqualTo(2);
  }
}
