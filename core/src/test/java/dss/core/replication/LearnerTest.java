package dss.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.cluster.StateCommand;
import dss.core.cluster.StateCommand.SetInSync;
import dss.core.replication.PeerMessage.AppendFrame;
import dss.core.storage.Mark;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is heard of a learner belongs to the life that said it. Source: docs/replication.md, Taking in. */
class LearnerTest {
  private final NodeBench bench = new NodeBench();

  /** Server 3 is wanted, and about to be asked for: the ask is lost. */
  private void learnerWhoseAskIsLost() {
    bench.serving();
    bench.inSync(1, 2);
    bench.push();
    bench.pass(200, 2, 3);
    assertThat(bench.setsAskedFor()).contains(List.of(1, 2, 3));
  }

  private void comesBackWiped() {
    bench.node.disconnected(3);
    bench.register(3, 2);
    bench.push();
    bench.connect(3);
    bench.requests.clear();
    bench.sent.clear();
  }

  @Test
  void anEmptiedLearner_isNotTakenIn_forWhatItsEarlierLifeSaid() {
    learnerWhoseAskIsLost();
    comesBackWiped();
    bench.passWithHangingDisk(2_000, 3, 2);
    for (var request : bench.requests) {
      bench.decide(request);
    }
    assertThat(bench.row().inSync()).doesNotContain(3);
  }

  @Test
  void itIsCopiedTo_onceItIsAskedForNoMore() {
    learnerWhoseAskIsLost();
    comesBackWiped();
    for (int i = 0; i < 200 && bench.shard.opening.isEmpty(); i++) {
      bench.passWithHangingDisk(Node.TICK_MS, 3, 2);
      saysItHasNothing();
      bench.requests.forEach(bench::decide);
      bench.requests.clear();
      bench.push();
    }
    assertThat(bench.shard.opening).hasSize(1);
    assertThat(bench.row().inSync()).containsExactlyInAnyOrder(1, 2);
  }

  private void saysItHasNothing() {
    for (var s : List.copyOf(bench.sent)) {
      if (s.to() == 3 && s.message() instanceof AppendFrame frame) {
        bench.sent.remove(s);
        var append = frame.appends().getFirst();
        bench.says(3, new PeerMessage.FrameDone(frame.n(), List.of(0)));
        bench.disagrees(3, append.epoch(), 0, true);
      }
    }
  }

  @Test
  void aSetNamesTheLife_thatWasHeardDurable() {
    learnerWhoseAskIsLost();
    assertThat(bench.requests).anySatisfy(request -> {
      assertThat(request).isInstanceOf(SetInSync.class);
      var change = ((SetInSync) request).changes().getFirst();
      assertThat(change.boots().get(change.set().indexOf(3))).isEqualTo(1);
    });
  }

  @Test
  void anotherLife_isKnownToHoldNothing() {
    learnerWhoseAskIsLost();
    comesBackWiped();
    assertThat(bench.follower(3).durable).isEqualTo(Follower.UNKNOWN);
  }

  @Test
  void whatNeedsACopy_isKnownToHoldNothing() {
    learnerWhoseAskIsLost();
    var follower = bench.follower(3);
    assertThat(follower.durable).isEqualTo(bench.shard.lastSeq());
    bench.disagrees(3, bench.row().epoch(), 0, true);
    assertThat(follower.durable).isEqualTo(Follower.UNKNOWN);
  }

  /** All others were given up, as a person has asked for: what was on its way is worth nothing, the shard begins anew. */
  @Test
  void aLearnerHalfWay_thatIsMadeTheOnlyCopy_beginsEmpty() {
    bench.founded(2, 1);
    bench.decide(new StateCommand.SetInSync(2, 1,
        List.of(new StateCommand.InSyncChange(0, bench.row().epoch(), List.of(2), List.of(1L)))));
    bench.push();
    bench.shard.beginCopy(17);
    bench
        .decide(new StateCommand.Abandon(List.of(new StateCommand.PrimaryChange(0, bench.row().epoch(), 1))));
    bench.push();
    assertThat(bench.broken).isEmpty();
    assertThat(bench.shard.mark()).isEqualTo(Mark.COMPLETE);
    bench.pass(2_000);
    var asked = bench.submit(this, "SET", "a", "1");
    bench.pass(100);
    assertThat(asked.answers).containsExactly("Simple[text=OK]");
  }

  /** Committed here, given up by a person: the log of the one that goes on has other entries in the same places. */
  @Test
  void aCopyOfBeforeItsShardWasBegunAgain_isNone_untilItIsCopiedAnew() {
    bench.serving();
    bench.submit(this, "SET", "a", "1");
    bench.pass(200, 2, 3);
    long last = bench.shard.lastSeq();
    long epoch = bench.row().epoch();
    bench.decide(new SetInSync(1, Objects.requireNonNull(bench.ecs.server(1)).boot(),
        List.of(new StateCommand.InSyncChange(0, epoch, List.of(1, 2),
            List.of(Objects.requireNonNull(bench.ecs.server(1)).boot(), 1L)))));
    bench
        .decide(new StateCommand.Abandon(List.of(new StateCommand.PrimaryChange(0, bench.row().epoch(), 3))));
    bench.push();
    bench.sent.clear();
    var probe = new PeerMessage.Append(0, bench.row().epoch(), epoch, last - 1, List.of(), 0, 0);
    bench.says(3, new AppendFrame(0, List.of(probe)));
    assertThat(bench.sent).filteredOn(s -> s.message() instanceof PeerMessage.Mismatch).singleElement()
        .satisfies(s -> assertThat(((PeerMessage.Mismatch) s.message()).needCopy()).isTrue());

    bench.says(3, new PeerMessage.CopyChunk(0, bench.row().epoch(), 77, 0, null, 0, 0, 9));
    bench.sent.clear();
    bench.says(3, new AppendFrame(1, List.of(append(bench.row().epoch(), 0, 77))));
    assertThat(bench.sent).as("the copy of a store where nothing was written yet")
        .noneMatch(s -> s.message() instanceof PeerMessage.Mismatch);
    bench.says(3, new AppendFrame(2, List.of(append(bench.row().epoch(), 1, 0))));
    assertThat(bench.sent).as("as it has entries of now")
        .noneMatch(s -> s.message() instanceof PeerMessage.Mismatch);
  }

  private PeerMessage.Append append(long epoch, long prev, long copyId) {
    return new PeerMessage.Append(0, epoch, bench.shard.epochAt(prev), prev,
        List.of(bench.entry(epoch, prev + 1).copy()), prev, copyId);
  }
}
