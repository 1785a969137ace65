package dss.storage;

import dss.core.entry.Effect;
import dss.core.entry.Entry;
import dss.protocol.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * One shard as applied at one moment: store, sealed and active memtable together, for what must look at many keys.
 * Made on the loop, read by the flusher: there no flush can come in between, and one that was sealed before is either
 * in the store or still to be read here, which makes no difference.
 */
final class ShardSnapshot {
  private final int shard;
  private final SegmentTable segments;
  private final MemIndex active;
  private final boolean activeCleared;
  private final @Nullable MemIndex sealed;
  private final boolean sealedCleared;

  ShardSnapshot(int shard, SegmentTable segments, MemIndex active, boolean activeCleared,
      @Nullable MemIndex sealed,
      boolean sealedCleared) {
    this.shard = shard;
    this.segments = segments;
    this.active = active;
    this.activeCleared = activeCleared;
    this.sealed = activeCleared ? null : sealed;
    this.sealedCleared = sealedCleared;
  }

  private boolean storeCounts() {
    return !activeCleared && !sealedCleared;
  }

  long countKeys(Flusher flusher) throws RocksDBException {
    long count = storeCounts() ? flusher.record(shard).keys() : 0;
    var known = new KnownKeys(active.size() + (sealed == null ? 0 : sealed.size()));
    for (long ref : active.refs()) {
      count += grows(flusher, ref, known);
    }
    if (sealed != null) {
      for (long ref : sealed.refs()) {
        if (active.findLike(segments, segments.memory(ref), Place.offset(ref)) == 0) {
          count += grows(flusher, ref, known);
        }
      }
    }
    flusher.known(shard, known);
    return count;
  }

  private int grows(Flusher flusher, long ref, KnownKeys known) throws RocksDBException {
    byte[] array = segments.memory(ref);
    int at = Place.offset(ref);
    if (Entry.effectKind(array, at) != Effect.HEADER) {
      return 0;
    }
    boolean was = storeCounts() && isStored(flusher, ref, array, at, known);
    boolean is = Entry.effectOp(array, at) == Effect.PUT;
    return was == is ? 0 : is ? 1 : -1;
  }

  private boolean isStored(Flusher flusher, long ref, byte[] array, int at, KnownKeys known)
      throws RocksDBException {
    int before = flusher.known(shard).find(ref);
    boolean stored;
    if (before >= 0) {
      stored = before == 1;
    } else {
      byte[] key = new byte[StoreKey.bound(array, at)];
      stored = flusher.store().has(key, StoreKey.ofEffect(array, at, key));
    }
    known.put(ref, stored);
    return stored;
  }

  /** The first user keys of a slot in store order. */
  List<Bytes> keysInSlot(Flusher flusher, int slot, int limit) throws RocksDBException {
    var newer = new HashMap<Bytes, Boolean>();
    if (sealed != null) {
      collect(sealed, slot, newer);
    }
    collect(active, slot, newer);
    var keys = new ArrayList<Bytes>();
    newer.forEach((key, there) -> {
      if (there) {
        keys.add(key);
      }
    });
    if (storeCounts()) {
      fromStore(flusher, slot, limit + newer.size(), newer, keys);
    }
    keys.sort(null);
    return keys.stream().limit(limit).map(key -> StoreKey.userKey(key.toArray())).toList();
  }

  private void collect(MemIndex index, int slot, Map<Bytes, Boolean> into) {
    for (long ref : index.refs()) {
      byte[] array = segments.memory(ref);
      int at = Place.offset(ref);
      if (Entry.effectKind(array, at) == Effect.HEADER && Entry.effectSlot(array, at) == slot) {
        byte[] key = new byte[StoreKey.bound(array, at)];
        int length = StoreKey.ofEffect(array, at, key);
        into.put(Bytes.copyOf(key, 0, length), Entry.effectOp(array, at) == Effect.PUT);
      }
    }
  }

  private static void fromStore(Flusher flusher, int slot, int atMost, Map<Bytes, Boolean> newer,
      List<Bytes> keys)
      throws RocksDBException {
    try (StoreView view = flusher.store().view(StoreKey.ofKind(slot, Effect.HEADER),
        StoreKey.ofKind(slot, Effect.HEADER + 1))) {
      for (int i = 0; i < atMost && view.isValid(); i++) {
        Bytes key = Bytes.wrap(view.key());
        if (!newer.containsKey(key)) {
          keys.add(key);
        }
        view.next();
      }
    }
  }
}
