package dss.core.replication;

import dss.core.entry.Effect;
import dss.core.entry.Entry;
import dss.core.entry.KeyHash;
import dss.core.storage.ShardStorage;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import org.jspecify.annotations.Nullable;

/** What entries that are not applied make of a record. */
final class Unapplied {
  private Unapplied() {}

  /** By the newest of them that says something of it; null: none does. */
  static @Nullable Value find(ShardStorage storage, int kind, Bytes key) {
    if (storage.lastSeq() == storage.appliedSeq()) {
      return null;
    }
    int hash = KeyHash.of(key);
    for (long seq = storage.lastSeq(); seq > storage.appliedSeq(); seq--) {
      Entry entry = storage.entry(seq);
      if (entry == null) {
        throw new IllegalStateException("an entry that is not applied left the memory: " + seq);
      }
      Value value = inEntry(entry, kind, hash, key);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  /** What the last effect of an entry on a record makes of it; null where it has none. */
  private static @Nullable Value inEntry(Entry entry, int kind, int hash, Bytes key) {
    byte[] array = entry.array();
    int last = -1;
    int at = entry.firstEffect();
    for (int i = 0; i < entry.effects(); i++) {
      if (Entry.effectOp(array, at) == Effect.CLEAR || Entry.effectIsOf(array, at, kind, hash, key)) {
        last = at;
      }
      at = entry.nextEffect(at);
    }
    return last < 0 ? null : value(entry, array, last);
  }

  private static Value value(Entry entry, byte[] array, int at) {
    int op = Entry.effectOp(array, at);
    if (op != Effect.PUT && op != Effect.OUTCOME) {
      return Value.ABSENT;
    }
    Bytes bytes = Bytes.copyOf(array, Entry.valueAt(array, at), Entry.valueLength(array, at));
    return op == Effect.OUTCOME
        ? Value.outcome(entry.time(), bytes)
        : new Value(Entry.effectType(array, at), entry.seq(), entry.seq(), Entry.expireAt(array, at), bytes);
  }
}
