package dss.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.cluster.StateCommand;
import dss.core.cluster.StateCommand.PrimaryChange;
import dss.core.cluster.StateCommand.Promote;
import dss.core.entry.Entry;
import dss.core.replication.PeerMessage.Append;
import dss.core.replication.PeerMessage.AppendFrame;
import dss.core.replication.PeerMessage.Busy;
import dss.core.replication.PeerMessage.FrameDone;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A copy whose memory is full until its flush is further: it takes no entries, says so, and is not dropped for it. */
class BusyTest {
  private final NodeBench bench = new NodeBench().serving();
  private final int slowMs = bench.ecs.settings().slowMs();

  /** Time passes; server 3 answers beacons, and appends with Busy alone. */
  private void passWhile3IsBusy(long ms) {
    for (long until = bench.now + ms; bench.now < until;) {
      bench.pass(Node.TICK_MS, 2);
      if (!bench.appendsTo(3).isEmpty()) {
        bench.sent.removeIf(s -> s.to() == 3 && s.message() instanceof AppendFrame);
        bench.says(3, new Busy());
      }
      bench.answers(3, false);
    }
  }

  @Test
  void aBusyCopy_isNotDropped_andGetsTheEntriesOnceItHasMemory() {
    var asked = bench.submit(this, "SET", "a", "1");
    passWhile3IsBusy(5L * slowMs);
    assertThat(bench.setsAskedFor()).isEmpty();
    bench.pass(500, 2, 3);
    assertThat(bench.setsAskedFor()).isEmpty();
    assertThat(bench.follower(3).durable).isEqualTo(bench.shard.lastSeq());
    assertThat(asked.answers).hasSize(1);
  }

  /** The longest beacon interval there is leaves the least time between sending again and dropping. */
  @Test
  void aCopyThatWasBusyForAMoment_getsTheEntriesAgainBeforeItIsDropped() {
    for (int phase = 0; phase < 300; phase += Node.TICK_MS) {
      var each = new NodeBench().serving();
      each.decide(new StateCommand.SetSettings(each.ecs.settings().withBeaconMs(250)));
      each.push();
      each.pass(1_000 + phase, 2, 3);
      each.submit(this, "SET", "a", "1");
      each.pass(Node.TICK_MS, 2);
      each.sent.removeIf(s -> s.to() == 3 && s.message() instanceof AppendFrame);
      each.says(3, new Busy());
      each.pass(1_500, 2, 3);
      assertThat(each.setsAskedFor()).as("written %d ms after a tick of all", phase).isEmpty();
      assertThat(each.follower(3).durable).isEqualTo(each.shard.lastSeq());
    }
  }

  @Test
  void whoIsBusyForTenSeconds_isDropped() {
    bench.submit(this, "SET", "a", "1");
    passWhile3IsBusy(10_000 + slowMs - 100);
    assertThat(bench.setsAskedFor()).isEmpty();
    passWhile3IsBusy(400);
    assertThat(bench.setsAskedFor()).contains(List.of(1, 2));
  }

  @Test
  void whoWasBusyAndHangs_isDroppedAfterSlow() {
    bench.submit(this, "SET", "a", "1");
    passWhile3IsBusy(2_000);
    bench.passWithHangingDisk(slowMs - 300, 3, 2);
    assertThat(bench.setsAskedFor()).isEmpty();
    bench.passWithHangingDisk(600, 3, 2);
    assertThat(bench.setsAskedFor()).contains(List.of(1, 2));
  }

  @Test
  void aNewTimeOfBeingBusy_isExcusedAgain() {
    bench.submit(this, "SET", "a", "1");
    passWhile3IsBusy(9_000);
    bench.pass(3_000, 2, 3);
    bench.submit(this, "SET", "a", "2");
    passWhile3IsBusy(9_000);
    assertThat(bench.setsAskedFor()).isEmpty();
  }

  @Test
  void aBackupWithoutMemory_takesNoEntries_butLearnsWhatIsCommitted() {
    long last = bench.shard.lastSeq();
    bench.decide(new Promote(List.of(new PrimaryChange(0, bench.row().epoch(), 2))));
    bench.push();
    append(0, last, last, bench.entry(bench.row().epoch(), last + 1).copy());
    bench.storage.full = true;
    bench.sent.clear();
    append(1, last + 1, last + 1, bench.entry(bench.row().epoch(), last + 2).copy());
    assertThat(bench.sent).extracting(NodeBench.Sent::message)
        .containsExactly(new Busy(), new FrameDone(1, List.of(0)));
    assertThat(bench.shard.lastSeq()).isEqualTo(last + 1);
    bench.sent.clear();
    append(2, last + 1, last + 1);
    assertThat(bench.sent).extracting(NodeBench.Sent::message).containsExactly(new FrameDone(2, List.of()));
    assertThat(bench.node.replica(0).committed()).isEqualTo(last + 1);
    bench.storage.full = false;
    append(3, last + 1, last + 1, bench.entry(bench.row().epoch(), last + 2).copy());
    assertThat(bench.shard.lastSeq()).isEqualTo(last + 2);
  }

  private void append(long frame, long prevSeq, long committed, Entry... entries) {
    var append = new Append(0, bench.row().epoch(), bench.shard.epochAt(prevSeq), prevSeq, List.of(entries),
        committed, 0);
    bench.says(2, new AppendFrame(frame, List.of(append)));
  }
}
