package dss.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.cluster.StateCommand.PrimaryChange;
import dss.core.cluster.StateCommand.Promote;
import dss.core.entry.Entry;
import dss.core.replication.NodeBench.Asked;
import dss.core.replication.PeerMessage.Append;
import dss.core.replication.PeerMessage.AppendFrame;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Entries that another primary cuts may come back: their writes are answered when that is out of the question. */
class CutTest {
  private final NodeBench bench = new NodeBench().serving();
  private long frames;
  private long seq;
  private @Nullable Entry own;
  private Asked asked = bench.submit(this, "INCR", "n");

  @BeforeEach
  void appendedAndDeposed() {
    bench.turn();
    seq = bench.shard.lastSeq();
    own = bench.shard.entry(seq).copy();
    promote(2);
  }

  private void promote(int server) {
    bench.decide(new Promote(List.of(new PrimaryChange(0, bench.row().epoch(), server))));
    bench.push();
  }

  private void append(int from, long prevSeq, long committed, Entry... entries) {
    var append = new Append(0, bench.row().epoch(), bench.shard.epochAt(prevSeq), prevSeq, List.of(entries),
        committed, 0);
    bench.says(from, new AppendFrame(frames++, List.of(append)));
  }

  private Entry entry(long at) {
    return bench.entry(bench.row().epoch(), at).copy();
  }

  @Test
  void aWriteWhoseEntryIsCut_isSentOn_onceTheCutIsCommitted() {
    append(2, seq - 1, seq - 1, entry(seq));
    assertThat(asked.answers).isEmpty();
    append(2, seq, seq);
    assertThat(asked.answers).hasSize(1).first().asString().contains("MOVED").contains(":7002");
  }

  @Test
  void aWriteWhoseEntryComesBack_isAnsweredAsDone() {
    append(2, seq - 1, seq - 1, entry(seq));
    promote(3);
    append(3, seq - 1, seq - 1, Objects.requireNonNull(own), entry(seq + 1));
    assertThat(asked.answers).isEmpty();
    append(3, seq + 1, seq + 1);
    assertThat(asked.answers).containsExactly("Int[value=1]");
  }

  /** Two more writes of this server as primary, then server 2 leads. */
  private List<Asked> twoWritesAndDeposed() {
    promote(1);
    bench.pass(1_000, 2, 3);
    assertThat(asked.answers).as("led again, with its log").containsExactly("Int[value=1]");
    var two = List.of(bench.submit(this, "INCR", "n"), bench.submit(this, "INCR", "n"));
    bench.turn();
    seq = bench.shard.lastSeq();
    promote(2);
    return two;
  }

  @Test
  void aWriteBehindTheCut_isDecidedWithIt() {
    var two = twoWritesAndDeposed();
    append(2, seq - 2, seq - 2, entry(seq - 1));
    assertThat(two).allSatisfy(write -> assertThat(write.answers).isEmpty());
    append(2, seq - 1, seq - 1);
    assertThat(two).allSatisfy(write -> assertThat(write.answers.toString()).contains("MOVED"));
  }

  @Test
  void whereOnlyTheFirstComesBack_theSecondIsSentOn() {
    var two = twoWritesAndDeposed();
    var first = bench.shard.entry(seq - 1).copy();
    append(2, seq - 2, seq - 2, entry(seq - 1));
    promote(3);
    append(3, seq - 2, seq - 2, first, entry(seq));
    append(3, seq - 1, seq - 1);
    assertThat(two.getFirst().answers).containsExactly("Int[value=2]");
    assertThat(two.getLast().answers).isEmpty();
    append(3, seq, seq);
    assertThat(two.getLast().answers).hasSize(1).first().asString().contains("MOVED");
  }

  @Test
  void aSecondCutFurtherDown_decidesToo() {
    var two = twoWritesAndDeposed();
    append(2, seq - 1, seq - 2, entry(seq));
    promote(3);
    append(3, seq - 2, seq - 2, entry(seq - 1));
    append(3, seq - 1, seq - 1);
    assertThat(two).allSatisfy(write -> assertThat(write.answers.toString()).contains("MOVED"));
  }

  @Test
  void aCutThatStaysUndecided_isUncertain() {
    append(2, seq - 1, seq - 1, entry(seq));
    bench.pass(bench.node.settings().commitWaitMs + 100, 2, 3);
    assertThat(asked.answers).hasSize(1).first().asString().contains("UNCERTAIN");
  }
}
