package dss.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.cluster.StateCommand;
import dss.core.cluster.StateCommand.SetInSync;
import dss.core.replication.PeerMessage.AppendFrame;
import dss.core.storage.Mark;
import java.util.List;
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
}
