package dss.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.entry.Effect;
import dss.core.entry.Entry;
import dss.core.entry.EntryWriter;
import dss.core.entry.RequestId;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnappliedTest {
  private static final Bytes K = Bytes.utf8("k");
  private static final RequestId ID = new RequestId(1, 2, 3);

  private final MemoryShard shard = new MemoryShard();
  private final EntryWriter writer = new EntryWriter();

  private void append(Effect... effects) {
    long seq = shard.lastSeq() + 1;
    shard.append(writer.write(Entry.COMMAND, 0, 1, seq, 100 + seq, null, List.of(effects)));
  }

  private static Effect put(String value) {
    return Effect.putString(0, K, Bytes.utf8(value), Effect.NEVER);
  }

  private Value found() {
    Value found = Unapplied.find(shard, Effect.HEADER, K);
    return found == null ? Value.COLD : found;
  }

  @Test
  void theNewestEffectCounts_ofAnEntryTheLast() {
    assertThat(found()).isSameAs(Value.COLD);
    append(put("a"));
    append(put("b"), put("c"));
    assertThat(found().bytes().asUtf8()).isEqualTo("c");
    append(Effect.deleteKey(0, K));
    assertThat(found()).isSameAs(Value.ABSENT);
  }

  @Test
  void aClearTakesAllThatWasBefore_keysAndOutcomes() {
    append(put("a"), Effect.outcome(0, ID, Bytes.utf8("+OK")));
    assertThat(Unapplied.find(shard, Effect.OUTCOMES, ID.asKey()))
        .isEqualTo(Value.outcome(101, Bytes.utf8("+OK")));
    append(Effect.clear(0));
    assertThat(found()).isSameAs(Value.ABSENT);
    assertThat(Unapplied.find(shard, Effect.OUTCOMES, ID.asKey())).isSameAs(Value.ABSENT);
    append(put("b"));
    assertThat(found().bytes().asUtf8()).isEqualTo("b");
  }

  @Test
  void whatIsApplied_isTheStoragesToTell() {
    append(put("a"));
    shard.applyNext();
    assertThat(found()).isSameAs(Value.COLD);
  }
}
