package dss.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.replication.PeerMessage.Beacon;
import dss.core.replication.PeerMessage.BeaconReply;
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
}
