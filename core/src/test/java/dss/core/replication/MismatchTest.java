package dss.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.replication.PeerMessage.Mismatch;
import org.junit.jupiter.api.Test;

/** A follower that does not have what appends build on. */
class MismatchTest {
  private final NodeBench bench = new NodeBench().serving();

  @Test
  void aWindowOfFramesThatDoNotMatch_isSentAgainOnce() {
    bench.node.settings().frameBytes = 1;
    for (int i = 0; i < 5; i++) {
      bench.submit(this, "SET", "a", "1");
    }
    bench.turn();
    int window = bench.appendsTo(3).size();
    assertThat(window).isGreaterThan(4);
    long first = bench.node.link(3).framesSent - window;
    long last = bench.shard.lastSeq() - 5;
    bench.sent.clear();
    for (int i = 0; i < window; i++) {
      bench.says(3, new Mismatch(0, bench.row().epoch(), last, false, 0, first + i));
    }
    assertThat(bench.appendsTo(3)).hasSizeLessThanOrEqualTo(window);
    assertThat(bench.appendsTo(3).getFirst().prevSeq()).isEqualTo(last);
  }

  @Test
  void whatWasSentAnew_mayDisagreeAgain() {
    bench.submit(this, "SET", "a", "1");
    bench.submit(this, "SET", "a", "2");
    bench.pass(100, 2, 3);
    long last = bench.shard.lastSeq();
    long epoch = bench.row().epoch();
    bench.disagrees(3, epoch, last - 1, false);
    bench.sent.clear();
    bench.disagrees(3, epoch, last - 2, false);
    assertThat(bench.appendsTo(3)).isNotEmpty();
    assertThat(bench.appendsTo(3).getFirst().prevSeq()).isEqualTo(last - 2);
  }
}
