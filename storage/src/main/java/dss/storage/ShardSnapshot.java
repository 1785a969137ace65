package dss.storage;

import dss.core.entry.Effect;
import dss.core.entry.Entry;
import dss.protocol.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
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
    long[] headers = headers();
    if (!storeCounts()) {
      return Arrays.stream(headers).filter(this::isPut).count();
    }
    KeySet set = flusher.keySets().of(shard);
    KnownKeys known = set == null ? known(flusher, headers) : KnownKeys.NONE;
    flusher.known(shard, known);
    long count = flusher.record(shard).keys();
    for (long ref : headers) {
      boolean was = set == null ? known.find(ref) == 1 : set.has(hash(ref));
      boolean is = isPut(ref);
      count += was == is ? 0 : is ? 1 : -1;
    }
    return count;
  }

  private long hash(long ref) {
    byte[] array = segments.memory(ref);
    int at = Place.offset(ref);
    byte[] key = new byte[StoreKey.bound(array, at)];
    return KeySet.hash(key, StoreKey.ofEffect(array, at, key));
  }

  /** The newest effect on each header that is not in the store. */
  private long[] headers() {
    var refs = LongStream.of(active.refs());
    MemIndex older = sealed;
    if (older != null) {
      refs = LongStream.concat(refs, LongStream.of(older.refs())
          .filter(ref -> active.findLike(segments, segments.memory(ref), Place.offset(ref)) == 0));
    }
    return refs.filter(ref -> Entry.effectKind(segments.memory(ref), Place.offset(ref)) == Effect.HEADER)
        .toArray();
  }

  private boolean isPut(long ref) {
    return Entry.effectOp(segments.memory(ref), Place.offset(ref)) == Effect.PUT;
  }

  /** Which of them the store has; the disk is asked only of those that the last count did not ask of. */
  private KnownKeys known(Flusher flusher, long[] refs) throws RocksDBException {
    KnownKeys before = flusher.known(shard);
    var known = new KnownKeys(refs.length);
    var asked = new long[refs.length];
    int count = 0;
    for (long ref : refs) {
      int found = before.find(ref);
      if (found < 0) {
        asked[count++] = ref;
      } else {
        known.put(ref, found == 1);
      }
    }
    if (count > 0) {
      ask(flusher, Arrays.copyOf(asked, count), known);
    }
    return known;
  }

  private void ask(Flusher flusher, long[] refs, KnownKeys known) throws RocksDBException {
    RefSort.sort(segments, refs);
    try (StoredKeys stored = flusher.store().keys()) {
      stored.begin(refs.length, flusher.record(shard).keys());
      for (long ref : refs) {
        byte[] array = segments.memory(ref);
        int at = Place.offset(ref);
        byte[] key = new byte[StoreKey.bound(array, at)];
        known.put(ref, stored.has(key, StoreKey.ofEffect(array, at, key)));
      }
    }
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
