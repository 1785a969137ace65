package dss.core.replication;

import dss.core.command.View;
import dss.core.entry.Effect;
import dss.core.storage.ShardStorage;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys of one shard at one moment: the committed store, and for writes the primary's own entries that are not
 * committed yet above it. Remembers which keys it found past their time, and whether one was cold: it is shown as absent,
 * and what was judged on that is worth nothing. Used within one step, then dropped.
 */
final class ShardView implements View {
  private final ShardStorage storage;
  private final int slot;
  private final long nowMs;
  private final boolean withPending;
  private List<Bytes> expired = List.of();
  private long latestExpiry;
  private boolean cold;

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
      cold = true;
      return Value.ABSENT;
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
    Value pending = withPending ? Unapplied.find(storage, Effect.HEADER, key) : null;
    return pending != null ? pending : storage.get(Effect.HEADER, slot, key);
  }

  /** Whether a key was only on the disk. */
  boolean sawCold() {
    return cold;
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
