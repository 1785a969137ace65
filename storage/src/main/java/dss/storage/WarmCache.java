package dss.storage;

import dss.core.entry.Entry;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What was read from the store, that it is absent too, until an effect on the key is applied, its shard is wiped, or
 * there is no room: then the oldest goes first, but for what was asked for since it came (second chance). It lies in
 * chunks of bytes, one behind the other: as objects of its own each value was moved by the collector, 60 to 90 ms at a time.
 * Loop only.
 */
final class WarmCache {
  private static final int CHUNK = 1 << 20;
  private static final int SMALLEST_CHUNK = 64 << 10;
  /** All keys of one command must fit, large values too, or it would be fetched for ever. */
  private static final int GATHER_FACTOR = 4;
  private static final long GATHER_BYTES = 128 << 20;
  /** Hashes of keys that were offered lately, each in the one place that it may have. */
  private static final int DOOR = 1 << 16;

  private final long maxBytes;
  private final int chunkBytes;
  private final SegmentPool pool;
  private final SegmentTable table = new SegmentTable();
  private final ArrayDeque<Segment> chunks = new ArrayDeque<>();
  private final int[] offered = new int[DOOR];
  /** By shard. */
  private @Nullable WarmIndex[] indexes = new WarmIndex[16];
  /** Of chunks; the first number makes no place 0. */
  private long nextNumber = 1;
  private long bytes;

  WarmCache(long maxBytes) {
    this.maxBytes = maxBytes;
    this.chunkBytes = (int) Math.clamp(maxBytes / 8, SMALLEST_CHUNK, CHUNK);
    this.pool = new SegmentPool(new Viewers(), chunkBytes,
        (int) Math.min(Integer.MAX_VALUE, maxBytes / chunkBytes));
  }

  @Nullable
  Value get(int shard, int kind, int hash, Bytes key) {
    WarmIndex index = index(shard);
    long ref = index == null ? 0 : index.find(kind, hash, key.array(), key.arrayOffset(), key.length());
    if (ref == 0) {
      return null;
    }
    byte[] array = table.memory(ref);
    WarmRecord.used(array, Place.offset(ref), true);
    return WarmRecord.value(array, Place.offset(ref));
  }

  /**
   * For what is cheap to read again: taken in while there is room, else when it was offered before, lately. Keys that are
   * read once only would push out what is worth keeping, and cost more than they save (the doorkeeper of Einziger et
   * al., TinyLFU, 2017).
   */
  void offer(int shard, int kind, int hash, Bytes key, Value value) {
    int mixed = (hash + shard * 0x632be5ab + kind) * 0x9e3779b9;
    int place = mixed >>> 16;
    if (offered[place] == mixed || bytes + chunkBytes <= maxBytes) {
      put(shard, kind, hash, key, value);
    } else {
      offered[place] = mixed;
    }
  }

  void put(int shard, int kind, int hash, Bytes key, Value value) {
    WarmIndex index = indexFor(shard);
    if (index.find(kind, hash, key.array(), key.arrayOffset(), key.length()) != 0) {
      return;
    }
    long place = room(WarmRecord.length(key, value));
    WarmRecord.write(table.memory(place), Place.offset(place), shard, kind, hash, key, value);
    index.add(kind, hash, place);
    evict(maxBytes * GATHER_FACTOR + GATHER_BYTES);
  }

  /** An effect on the key was applied. */
  void remove(int shard, byte[] array, int effectAt) {
    WarmIndex index = index(shard);
    if (index == null || index.size() == 0) {
      return;
    }
    int kind = Entry.effectKind(array, effectAt);
    int hash = Entry.effectHash(array, effectAt);
    long ref = index.find(kind, hash, array, Entry.keyAt(array, effectAt), Entry.keyLength(array, effectAt));
    if (ref != 0) {
      index.remove(kind, hash, ref);
    }
  }

  void removeShard(int shard) {
    if (shard < indexes.length) {
      indexes[shard] = null;
    }
  }

  /** Once a second: back to the bound. In between a command may gather more than it allows. */
  void trim() {
    evict(maxBytes);
  }

  /** Of memory, the parts of it that hold nothing included. */
  long bytes() {
    return bytes;
  }

  private @Nullable WarmIndex index(int shard) {
    return shard < indexes.length ? indexes[shard] : null;
  }

  private WarmIndex indexFor(int shard) {
    if (shard >= indexes.length) {
      indexes = Arrays.copyOf(indexes, Math.max(shard + 1, indexes.length * 2));
    }
    WarmIndex index = indexes[shard];
    if (index == null) {
      index = new WarmIndex(table);
      indexes[shard] = index;
    }
    return index;
  }

  /** The place where that many bytes are to be written. */
  private long room(int length) {
    Segment last = chunks.peekLast();
    if (last == null || length > last.capacity - last.used) {
      int size = length > chunkBytes / 4 ? length : chunkBytes;
      last = new Segment(nextNumber, 0, pool.take(size), size);
      nextNumber += (Place.of(nextNumber + 1, 0) & Place.REF_MASK) == 0 ? 2 : 1;
      table.add(last);
      chunks.addLast(last);
      bytes += size;
    }
    long place = Place.of(last.number, last.used);
    last.used += length;
    return place;
  }

  private void evict(long limit) {
    while (bytes > limit) {
      Segment oldest = chunks.removeFirst();
      bytes -= oldest.capacity;
      // At least half of it goes, so that the work is as much as the room that is made.
      int mayStay = chunks.isEmpty() ? 0 : oldest.capacity / 2;
      for (int at = 0; at < oldest.used; at += WarmRecord.length(oldest.memory, at)) {
        mayStay -= leaves(oldest, at, mayStay) ? 0 : WarmRecord.length(oldest.memory, at);
      }
      table.remove(oldest);
      pool.give(oldest.memory);
    }
  }

  /** Whether the record goes; else it has moved on. */
  private boolean leaves(Segment chunk, int at, int mayStay) {
    byte[] array = chunk.memory;
    WarmIndex index = index(WarmRecord.shard(array, at));
    int kind = WarmRecord.kind(array, at);
    int hash = WarmRecord.hash(array, at);
    long place = Place.of(chunk.number, at);
    if (index == null || !index.has(kind, hash, place)) {
      return true;
    }
    int length = WarmRecord.length(array, at);
    if (length > mayStay || !WarmRecord.used(array, at)) {
      index.remove(kind, hash, place);
      return true;
    }
    long to = room(length);
    System.arraycopy(array, at, table.memory(to), Place.offset(to), length);
    WarmRecord.used(table.memory(to), Place.offset(to), false);
    index.move(kind, hash, place, to);
    return false;
  }
}
