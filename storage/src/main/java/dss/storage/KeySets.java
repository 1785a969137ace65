package dss.storage;

import dss.core.entry.Effect;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * The sets of stored keys of all shards, as many as their memory allows: a flush that has one need not ask the store by
 * how many keys it grows. A shard without one gets it when a flush would have to walk through its keys anyway. The
 * flusher only.
 */
final class KeySets {
  private final long limit;
  private @Nullable KeySet[] sets = new KeySet[0];
  private long bytes;

  /** @param limit bytes of all sets */
  KeySets(long limit) {
    this.limit = limit;
  }

  void begin(int shards) {
    sets = new KeySet[shards];
  }

  long bytes() {
    return bytes;
  }

  /** Of that shard; null: none is held. */
  @Nullable
  KeySet of(int shard) {
    return sets[shard];
  }

  /** What the store holds of that shard is read, where there is room for it; null: there is none. */
  @Nullable
  KeySet load(RocksStore store, ShardRange range, long keys) throws RocksDBException {
    KeySet held = sets[range.shard()];
    if (held != null || bytes + KeySet.bytesFor(keys) > limit) {
      return held;
    }
    var set = new KeySet(keys);
    if (keys > 0) {
      try (StoreView view = store.view(range.from(), range.to())) {
        for (; view.isValid(); view.next()) {
          byte[] key = view.key();
          if (StoreKey.kind(key) == Effect.HEADER) {
            set.add(KeySet.hash(key, key.length));
          }
        }
      }
    }
    bytes += set.bytes();
    sets[range.shard()] = set;
    return set;
  }

  /** A key of that shard comes into the store; whether it was not there. The set may be forgotten for want of room. */
  boolean add(int shard, KeySet set, long hash) {
    long before = set.bytes();
    boolean isNew = set.add(hash);
    if (set.bytes() != before && sets[shard] == set) {
      bytes += set.bytes() - before;
      if (bytes > limit) {
        forget(shard);
      }
    }
    return isNew;
  }

  /** The store has something else of that shard now. */
  void forget(int shard) {
    KeySet set = sets[shard];
    if (set != null) {
      bytes -= set.bytes();
      sets[shard] = null;
    }
  }
}
