package dss.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.cluster.StateCommand;
import dss.core.replication.PeerMessage.Beacon;
import dss.core.replication.PeerMessage.BeaconReply;
import dss.core.replication.PeerMessage.StateRequest;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a newer cluster state must come before waits for it, and ends with its connection. */
class HeldMessagesTest {
  private final NodeBench bench = new NodeBench().serving();

  private void beaconOfANewerVersion() {
    bench.want(1, 2);
    bench.node.received(2, bench.ecs.version(), new Beacon(7));
    bench.turn();
    assertThat(bench.sent).noneMatch(s -> s.message() instanceof BeaconReply);
  }

  @Test
  void aMessageOfANewerVersion_actsOnceItsStateIsHere() {
    beaconOfANewerVersion();
    bench.push();
    assertThat(bench.sent).anyMatch(s -> s.to() == 2 && s.message().equals(new BeaconReply(7)));
  }

  @Test
  void whatWasHeldOfAnEndedConnection_neverActs() {
    beaconOfANewerVersion();
    bench.node.disconnected(2);
    bench.connect(2);
    bench.push();
    bench.pass(200);
    assertThat(bench.sent).noneMatch(s -> s.message() instanceof BeaconReply);
  }

  /** The ECS tells everybody; a peer would send all of it. */
  @Test
  void aPeerIsAskedForTheState_onlyWhereItDoesNotComeByItself() {
    beaconOfANewerVersion();
    bench.pass(40);
    assertThat(bench.sent).noneMatch(s -> s.message() instanceof StateRequest);
    bench.pass(40);
    assertThat(bench.sent).filteredOn(s -> s.message() instanceof StateRequest).hasSize(1);
    bench.pass(100);
    assertThat(bench.sent).as("again").filteredOn(s -> s.message() instanceof StateRequest).hasSize(2);
    bench.push();
    bench.pass(200);
    assertThat(bench.sent).filteredOn(s -> s.message() instanceof StateRequest).hasSize(2);
  }

  /** It waits until everybody knows the version that it leads from. */
  @Test
  void whoeverBecomesPrimary_hearsOfTheVersionAtOnce_othersDoNot() {
    bench.sent.clear();
    bench.decide(new StateCommand.Handover(1, Objects.requireNonNull(bench.ecs.server(1)).boot(),
        List.of(new StateCommand.PrimaryChange(0, bench.row().epoch(), 2))));
    bench.push();
    assertThat(bench.sent).filteredOn(s -> s.message() instanceof Beacon).extracting(NodeBench.Sent::to)
        .containsExactly(2);
  }

  /** Somebody may have no word of the ECS: it hears of the version from the one that waits for it. */
  @Test
  void oneThatBecomesPrimary_greetsEverybody() {
    whoeverBecomesPrimary_hearsOfTheVersionAtOnce_othersDoNot();
    bench.sent.clear();
    bench.decide(new StateCommand.Handover(2, 1,
        List.of(new StateCommand.PrimaryChange(0, bench.row().epoch(), 1))));
    bench.push();
    assertThat(bench.sent).filteredOn(s -> s.message() instanceof Beacon).extracting(NodeBench.Sent::to)
        .containsExactlyInAnyOrder(2, 3);
  }
}
