package dss.storage;

import dss.core.entry.Effect;
import dss.core.entry.Entry;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * By how many keys a shard grows when its sealed effects come into the store. Whether the store has a key is told by what
 * the last count learned, by the shard's set of keys, or by the store itself, whichever is cheapest. The flusher only.
 */
final class KeyGrowth {
  private final SegmentTable segments;
  private final StoredKeys stored;
  private final KnownKeys known;
  private final KeySets sets;
  private final int shard;
  private final long before;
  private final Flusher flusher;
  private @Nullable KeySet set;
  private byte[] key = new byte[256];

  KeyGrowth(Flusher flusher, int shard, SegmentTable segments, StoredKeys stored) {
    this.flusher = flusher;
    this.segments = segments;
    this.stored = stored;
    this.known = flusher.known(shard);
    this.sets = flusher.keySets();
    this.shard = shard;
    this.before = flusher.record(shard).keys();
  }

  /**
   * Leaves out deletes of what the store does not have, as 0; returns by how many keys the shard grows.
   *
   * @param refs in the order of the store's keys
   */
  long dropUseless(long[] refs) throws RocksDBException {
    long asked = refs.length - known.size();
    set = StoredKeys.isDense(asked, before)
        ? sets.load(flusher.store(), flusher.range(shard), before)
        : sets.of(shard);
    stored.begin(set == null ? asked : 0, before);
    long grown = 0;
    for (int i = 0; i < refs.length; i++) {
      byte[] array = segments.memory(refs[i]);
      int at = Place.offset(refs[i]);
      boolean header = Entry.effectKind(array, at) == Effect.HEADER;
      boolean delete = Entry.effectOp(array, at) == Effect.DELETE;
      if (header || delete) {
        boolean there = isThere(refs[i], array, at, header, delete);
        if (header && there == delete) {
          grown += delete ? -1 : 1;
        }
        if (delete && !there) {
          refs[i] = 0;
        }
      }
    }
    return grown;
  }

  private boolean isThere(long ref, byte[] array, int at, boolean header, boolean delete)
      throws RocksDBException {
    int bound = StoreKey.bound(array, at);
    if (key.length < bound) {
      key = new byte[bound * 2];
    }
    KeySet of = header ? set : null;
    if (of == null) {
      int counted = known.find(ref);
      return counted >= 0 ? counted == 1 : stored.has(key, StoreKey.ofEffect(array, at, key));
    }
    int length = StoreKey.ofEffect(array, at, key);
    long hash = KeySet.hash(key, length);
    // What is deleted must not stay for a hash that another key has, too: the store itself is asked.
    return delete ? of.remove(hash) || stored.has(key, length) : !sets.add(shard, of, hash);
  }
}
