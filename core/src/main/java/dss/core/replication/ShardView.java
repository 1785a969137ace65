package dss.core.replication;

import dss.core.command.View;
import dss.core.entry.Effect;
import dss.core.entry.Entry;
import dss.core.entry.KeyHash;
import dss.core.storage.ShardStorage;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys of one shard at one moment: the committed store, and for writes the primary's own entries that are not
 * committed yet above it. Remembers which keys it found past their time. Used within one step, then dropped.
 */
final class ShardView implements View {
  private final ShardStorage storage;
  private final int slot;
  private final long nowMs;
  private final boolean withPending;
  private List<Bytes> expired = List.of();
  private long latestExpiry;

  ShardView(ShardStorage storage, int slot, long nowMs, boolean withPending) {
    this.storage = storage;
    this.slot = slot;
    this.nowMs = nowMs;
    this.withPending = withPending;
  }

  @Override
  public Value header(Bytes key) {
    Value value = raw(key);
    if (value == Value.COLD) {
      throw new IllegalStateException("a cold key was not fetched first: " + key);
    }
    if (value.expireAt() <= nowMs) {
      expired = expired.isEmpty() ? new ArrayList<>() : expired;
      expired.add(key);
      latestExpiry = Math.max(latestExpiry, value.expireAt());
      return Value.ABSENT;
    }
    return value;
  }

  /** The key with its expiry unjudged, perhaps {@link Value#COLD}. */
  Value raw(Bytes key) {
    if (withPending && storage.lastSeq() > storage.appliedSeq()) {
      int hash = KeyHash.of(key);
      for (long seq = storage.lastSeq(); seq > storage.appliedSeq(); seq--) {
        Entry entry = storage.entry(seq);
        if (entry == null) {
          throw new IllegalStateException("an entry that is not applied left the memory: " + seq);
        }
        Value value = inEntry(entry, hash, key);
        if (value != null) {
          return value;
        }
      }
    }
    return storage.get(Effect.HEADER, slot, key);
  }

  /** What the last effect of an entry on a key makes of it; null where it has none. */
  private static @org.jspecify.annotations.Nullable Value inEntry(Entry entry, int hash, Bytes key) {
    byte[] array = entry.array();
    int last = -1;
    int at = entry.firstEffect();
    for (int i = 0; i < entry.effects(); i++) {
      if (Entry.effectOp(array, at) == Effect.CLEAR
          || Entry.effectIsOf(array, at, Effect.HEADER, hash, key)) {
        last = at;
      }
      at = entry.nextEffect(at);
    }
    if (last < 0) {
      return null;
    }
    if (Entry.effectOp(array, last) != Effect.PUT) {
      return Value.ABSENT;
    }
    return new Value(Entry.effectType(array, last), entry.seq(), entry.seq(), Entry.expireAt(array, last),
        Bytes.copyOf(array, Entry.valueAt(array, last), Entry.valueLength(array, last)));
  }

  /** Keys found past their time. */
  List<Bytes> expired() {
    return expired;
  }

  /** The latest of their times, ms. */
  long latestExpiry() {
    return latestExpiry;
  }
}
