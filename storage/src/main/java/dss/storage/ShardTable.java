package dss.storage;

import dss.core.entry.Entry;
import dss.protocol.Slots;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** The shards of a storage and their ranges in its store; none before the ring is known. Loop only. */
final class ShardTable {
  private final DiskStorage storage;
  private DiskShard[] shards = new DiskShard[0];
  private ShardRange[] ranges = new ShardRange[0];
  /** As the store has them at the start; from then on they are the flusher's. */
  private ShardRecord[] records = new ShardRecord[0];
  private long measuredFlushes = -1;

  ShardTable(DiskStorage storage) {
    this.storage = storage;
  }

  /** Makes so many shards, with what the store knows of them. */
  void begin(int count, Log log) {
    if (count < 0 || count > Slots.COUNT || count > 0 && Slots.COUNT % count != 0) {
      throw new StorageException("a ring of " + count + " shards");
    }
    records = new ShardRecord[count];
    shards = new DiskShard[count];
    ranges = new ShardRange[count];
    for (int i = 0; i < count; i++) {
      ranges[i] = ShardRange.of(i, count);
      records[i] = storage.store().record(ranges[i]);
      shards[i] = new DiskShard(storage, log, i, records[i]);
    }
    storage.flusher().begin(ranges, records);
  }

  // ---- recovery

  /** Takes in an entry found in the log; whether it is alive so far. */
  boolean recover(Entry entry, long place, long position) {
    int shard = entry.shard();
    if (shard < 0 || shard >= shards.length) {
      throw new StorageException("the log in " + storage.directory() + " holds " + entry + ", but there are "
          + shards.length + " shards: log and identity do not belong together");
    }
    return position >= records[shard].voidBefore() && shards[shard].recover(entry, place);
  }

  /** The log has been read, up to that position. */
  void recovered(long end) {
    for (DiskShard shard : shards) {
      shard.entries().recovered(records[shard.shard()]);
    }
    lowerVoid(end);
    records = new ShardRecord[0];
  }

  /**
   * A wipe voids what was appended before it, on disk or not. Where the log lost some of that, positions below the
   * bound will be given out again: the bound comes down before that.
   */
  private void lowerVoid(long end) {
    try (var batch = new WriteBatch()) {
      for (int i = 0; i < records.length; i++) {
        ShardRecord old = records[i];
        if (old.voidBefore() > end) {
          records[i] = new ShardRecord(old.mark(), old.copyId(), old.epoch(), old.seq(), old.time(), end,
              old.keys());
          batch.put(ranges[i].recordKey(), records[i].encode());
        }
      }
      if (batch.count() > 0) {
        storage.store().write(batch);
      }
    } catch (RocksDBException e) {
      throw new StorageException(
          "the store in " + storage.directory() + " cannot be written: " + e.getMessage(), e);
    }
  }

  // ---- what there is

  int count() {
    return shards.length;
  }

  DiskShard shard(int shard) {
    if (shard < 0 || shard >= shards.length) {
      throw new IllegalArgumentException("shard " + shard + " of " + shards.length);
    }
    return shards[shard];
  }

  DiskShard[] all() {
    return shards;
  }

  ShardRange range(int shard) {
    return ranges[shard];
  }

  // ---- sizes

  /** Has the parts of the store measured, if it was written since the last time. */
  void measure(long flushes) {
    if (flushes == measuredFlushes || shards.length == 0) {
      return;
    }
    measuredFlushes = flushes;
    var here = new ArrayList<ShardRange>();
    for (DiskShard shard : shards) {
      if (shard.flushedSeq() > 0) {
        here.add(ranges[shard.shard()]);
      }
    }
    storage.upkeep().measure(here, this::measured);
  }

  private void measured(List<ShardRange> here, long[] sizes) {
    for (int i = 0; i < sizes.length; i++) {
      shards[here.get(i).shard()].storeBytes(sizes[i]);
    }
  }
}
