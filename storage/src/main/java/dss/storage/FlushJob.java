package dss.storage;

import dss.core.entry.Effect;
import dss.core.entry.Entry;
import dss.storage.CopyOpening.CopyRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Brings a sealed memtable into the store: effects and, per shard, the flushed position in files that are ingested
 * together. Shards that were cleared go as one synced batch instead, because a file of this kind cannot delete a range;
 * each shard's effects and position stay together either way. Made on the loop, run by the flusher.
 */
final class FlushJob implements Flusher.Task {
  /** One shard's share. */
  record Part(DiskShard shard, int life, MemIndex index, boolean cleared, long epoch, long seq, long time,
      long memoryBytes) {}

  private static final int KEEP_SCRATCH = 1 << 20;
  /** It works so long between rests. */
  private static final long WORK_NANOS = 2_000_000;
  /** It rests so many times as long as it worked. */
  private static final int REST = 3;

  private final Flusher flusher;
  private final SegmentTable segments;
  private final List<Part> parts;
  private final CopyOpening copies;
  private final BooleanSupplier urgent;
  private final Runnable done;
  private final List<ShardRecord> records = new ArrayList<>();
  private byte[] key = new byte[256];
  private byte[] value = new byte[4096];
  private final FlushFiles files;
  private long unrested;

  /**
   * @param parts in order of their shards
   * @param urgent whether it must be done as soon as it can; asked on the flusher's thread
   */
  FlushJob(Flusher flusher, SegmentTable segments, List<Part> parts, List<CopyRequest> copies,
      BooleanSupplier urgent, Runnable done) {
    this.flusher = flusher;
    this.files = new FlushFiles(flusher);
    this.segments = segments;
    this.parts = parts;
    this.copies = new CopyOpening(flusher, copies);
    this.urgent = urgent;
    this.done = done;
  }

  List<Part> parts() {
    return parts;
  }

  /** What was written, in the order of the parts. */
  List<ShardRecord> records() {
    return records;
  }

  /** To be run on the loop, after the parts were told. */
  List<Runnable> opened() {
    return copies.opened();
  }

  @Override
  public void run() throws RocksDBException {
    try (var batch = new WriteBatch()) {
      try (StoredKeys stored = flusher.store().keys()) {
        for (Part part : parts) {
          long begin = System.nanoTime();
          records.add(part.cleared() ? flushCleared(part, batch) : flush(part, stored));
          pace(System.nanoTime() - begin);
        }
      }
      files.ingest();
      if (batch.count() > 0) {
        flusher.store().write(batch);
      }
    } finally {
      files.discard();
    }
    for (int i = 0; i < parts.size(); i++) {
      flusher.record(parts.get(i).shard().shard(), records.get(i));
    }
    copies.run();
    done.run();
  }

  /** A flush takes no more of a core than it needs to be done in time: in a burst, every client would feel it. */
  private void pace(long worked) {
    if (!urgent.getAsBoolean()) {
      unrested += worked;
      if (unrested >= WORK_NANOS) {
        flusher.rest(unrested * REST);
        unrested = 0;
      }
    }
  }

  private ShardRecord flush(Part part, StoredKeys stored) throws RocksDBException {
    int shard = part.shard().shard();
    ShardRange range = flusher.range(shard);
    long[] refs = part.index().refs();
    RefSort.sort(segments, refs);
    long keys = flusher.record(shard).keys()
        + new KeyGrowth(flusher, shard, segments, stored).dropUseless(refs);
    var record = flusher.record(shard).flushed(part.epoch(), part.seq(), part.time(), keys);
    SstFile to = files.of(shard);
    boolean recordPut = false;
    for (long ref : refs) {
      if (ref == 0) {
        continue;
      }
      byte[] array = segments.memory(ref);
      int at = Place.offset(ref);
      if (!recordPut && Entry.effectSlot(array, at) > range.first()) {
        putRecord(to, range, record);
        recordPut = true;
      }
      int keyLength = key(array, at);
      if (Entry.effectOp(array, at) == Effect.DELETE) {
        to.delete(key, keyLength);
      } else {
        // Before the call: it may put a larger array in place of the field.
        int valueLength = value(array, at);
        to.put(key, keyLength, value, valueLength);
      }
    }
    if (!recordPut) {
      putRecord(to, range, record);
    }
    return record;
  }

  private static void putRecord(SstFile to, ShardRange range, ShardRecord record) throws RocksDBException {
    byte[] k = range.recordKey();
    byte[] v = record.encode();
    to.put(k, k.length, v, v.length);
  }

  private ShardRecord flushCleared(Part part, WriteBatch batch) throws RocksDBException {
    int shard = part.shard().shard();
    ShardRange range = flusher.range(shard);
    batch.deleteRange(range.from(), range.to());
    flusher.keySets().forget(shard);
    long keys = 0;
    for (long ref : part.index().refs()) {
      byte[] array = segments.memory(ref);
      int at = Place.offset(ref);
      if (Entry.effectOp(array, at) != Effect.DELETE) {
        int keyLength = key(array, at);
        int valueLength = value(array, at);
        batch.put(java.util.Arrays.copyOf(key, keyLength), java.util.Arrays.copyOf(value, valueLength));
        keys += Entry.effectKind(array, at) == Effect.HEADER ? 1 : 0;
      }
    }
    var record = flusher.record(shard).flushed(part.epoch(), part.seq(), part.time(), keys);
    batch.put(range.recordKey(), record.encode());
    return record;
  }

  private int key(byte[] array, int at) {
    int bound = StoreKey.bound(array, at);
    if (key.length < bound) {
      key = new byte[bound * 2];
    }
    return StoreKey.ofEffect(array, at, key);
  }

  private int value(byte[] array, int at) {
    int bound = StoreValue.bound(array, at);
    if (value.length < bound || value.length > KEEP_SCRATCH && bound <= KEEP_SCRATCH) {
      value = new byte[Math.max(4096, bound)];
    }
    return StoreValue.ofEffect(array, at, value);
  }
}
