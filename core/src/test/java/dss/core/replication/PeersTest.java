package dss.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.cluster.StateCommand.PrimaryChange;
import dss.core.cluster.StateCommand.Promote;
import dss.core.cluster.StateCommand.SetSettings;
import dss.core.replication.PeerMessage.AppendFrame;
import dss.core.replication.PeerMessage.Beacon;
import dss.core.replication.PeerMessage.FrameDone;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What ends with a connection, what a refusal proves, and that no fsync is missed. */
class PeersTest {
  private final NodeBench bench = new NodeBench();

  @Test
  void nothingIsSentToWhoIsGone() {
    bench.serving();
    bench.node.disconnected(3);
    bench.sent.clear();
    bench.submit(this, "SET", "a", "1");
    bench.turn();
    assertThat(bench.appendsTo(2)).isNotEmpty();
    assertThat(bench.appendsTo(3)).isEmpty();
  }

  @Test
  void aFsyncOfAPart_isNotTheLastThatACopyHearsOf() {
    bench.serving();
    var first = bench.submit(this, "SET", "a", "1");
    var second = bench.submit(bench, "SET", "b", "2");
    bench.node.endTurn();
    bench.node.sendAppends();
    for (NodeBench.Sent sent : List.copyOf(bench.sent)) {
      if (sent.message() instanceof AppendFrame frame) {
        bench.node.received(sent.to(), bench.ecs.version(), new FrameDone(frame.n(), List.of()));
      }
    }
    bench.shard.durable = bench.shard.lastSeq() - 1;
    bench.node.synced();
    assertThat(first.answers).hasSize(1);
    assertThat(second.answers).isEmpty();
    bench.shard.durable = bench.shard.lastSeq();
    bench.node.synced();
    assertThat(second.answers).hasSize(1);
  }

  private void promote(int server) {
    bench.decide(new Promote(List.of(new PrimaryChange(0, bench.row().epoch(), server))));
  }

  /** Server 2 led and could read by what this one granted it; now this one leads. */
  private NodeBench.Asked writtenAfterServer2() {
    bench.decide(new SetSettings(bench.ecs.settings().withTrustRefused(true)));
    bench.serving();
    promote(2);
    bench.push();
    bench.says(2, new Beacon(1));
    bench.node.disconnected(2);
    promote(1);
    bench.inSync(1, 3);
    bench.push();
    var asked = bench.submit(this, "SET", "a", "1");
    bench.pass(200, 3);
    return asked;
  }

  @Test
  void whoLedBefore_isWaitedFor() {
    var asked = writtenAfterServer2();
    assertThat(asked.answers).isEmpty();
    bench.pass(bench.ecs.settings().graceMs(), 3);
    assertThat(asked.answers).hasSize(1);
  }

  @Test
  void aRefusal_provesThatNobodyReadsThereAnyMore() {
    var asked = writtenAfterServer2();
    bench.node.refused(2);
    bench.pass(2 * Node.TICK_MS, 3);
    assertThat(asked.answers).hasSize(1);
  }
}
