package dss.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.replication.PeerMessage.CopyAck;
import dss.core.replication.PeerMessage.CopyChunk;
import org.junit.jupiter.api.Test;

/** Copies going out and coming in. */
class CopyTest {
  private final NodeBench bench = new NodeBench();

  private void copyUnderWay() {
    bench.serving();
    beginCopy();
  }

  private void beginCopy() {
    bench.inSync(1, 2);
    bench.push();
    bench.disagrees(3, bench.row().epoch(), 0, true);
    bench.shard.opening.removeFirst().accept(new EndlessCopy(bench.shard.lastSeq(), 10));
    bench.turn();
  }

  private boolean isUnderWay() {
    return bench.follower(3).copy != null;
  }

  @Test
  void aLearnerWhoseFlusherIsBusy_keepsItsCopy_whileItIsHeard() {
    copyUnderWay();
    bench.passWithHangingDisk(5_000, 3, 2);
    assertThat(isUnderWay()).isTrue();
    bench.passWithHangingDisk(6_000, 3, 2);
    assertThat(isUnderWay()).as("for ever").isFalse();
  }

  @Test
  void aChunkWantsAnAnswer() {
    bench.serving();
    bench.pass(2 * Node.TICK_MS, 2, 3);
    beginCopy();
    bench.pass(1_040, 2);
    assertThat(bench.node.status().silence().get(3)).isGreaterThanOrEqualTo(1_000);
  }

  @Test
  void oneThatIsSilent_losesItsCopy() {
    copyUnderWay();
    bench.pass(1_500, 2);
    assertThat(isUnderWay()).isFalse();
  }

  @Test
  void theLogBehindACopy_isKept_untilTheLearnerHasIt() {
    copyUnderWay();
    long position = bench.shard.lastSeq();
    bench.submit(this, "SET", "a", "1");
    bench.pass(2 * Node.TICK_MS, 2);
    assertThat(bench.shard.retained).as("under way").isEqualTo(position);
    var copy = bench.follower(3);
    copy.copied(position, bench.now);
    bench.tick();
    assertThat(bench.shard.retained).as("copied, not heard durable").isEqualTo(position);
    bench.inSync(1);
    bench.push();
    assertThat(bench.shard.retained).as("a new epoch").isEqualTo(position);
    bench.pass(500, 2, 3);
    assertThat(bench.shard.retained).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void theLogBehindWhatALearnerHas_isKept_whileItAsksForIt() {
    bench.serving();
    bench.inSync(1, 2);
    bench.push();
    long last = bench.shard.lastSeq() - 1;
    bench.disagrees(3, bench.row().epoch(), last, false);
    bench.tick();
    assertThat(bench.shard.retained).isEqualTo(last);
  }

  @Test
  void aCopyThatAnEpochChangeOvertakes_leavesWhatItBrought() {
    bench.founded(2, 3);
    bench.want(2, 3, 1);
    bench.push();
    bench.connect(2);
    long epoch = bench.row().epoch();
    bench.shard.finishesLater = true;
    bench.says(2, new CopyChunk(0, epoch, 9, 0, new byte[1], 0, 0, 0));
    bench.says(2, new CopyChunk(0, epoch, 9, 1, null, 1, 40, 1));
    bench.inSync(2);
    bench.push();
    java.util.Objects.requireNonNull(bench.shard.finishing).run();
    assertThat(bench.node.replica(0).committed()).isEqualTo(40);
    assertThat(bench.sent).noneMatch(s -> s.message() instanceof CopyAck ack && ack.number() == 1);
  }
}
