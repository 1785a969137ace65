package dss.storage;

import dss.core.binary.BinaryReader.MalformedException;
import dss.core.entry.Effect;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A copy coming in: chunks are kept while they are few, so that it shares a file with others, or gathered into files. */
final class CopyIn {
  private static final Logger LOG = LoggerFactory.getLogger(CopyIn.class);
  /** A file is ingested when it has grown to this. */
  private static final long FILE_BYTES = 32 << 20;

  private final RocksStore store;
  private final ShardRange range;
  private final List<byte[]> kept = new ArrayList<>();
  private @Nullable SstFile file;
  private byte[] last = new byte[0];
  private long keptBytes;
  private long keys;
  private boolean broken;

  CopyIn(RocksStore store, ShardRange range) {
    this.store = store;
    this.range = range;
  }

  /**
   * False where the chunk is not one of this shard, or not the next: then this copy never becomes whole.
   *
   * @param keep whether there is memory for one more chunk
   */
  boolean take(byte[] chunk, boolean keep) throws RocksDBException {
    boolean own = file != null || !keep;
    if (own && file == null) {
      spill();
    }
    SstFile to = file;
    try {
      CopyChunks.write(chunk, (key, value) -> {
        check(key);
        if (to != null) {
          to.put(key, key.length, value, value.length);
        }
      });
    } catch (MalformedException e) {
      // The sender hears nothing, gives up and starts over.
      LOG.warn("a copy of shard {} is given up: {}", range.shard(), e.getMessage());
      broken = true;
    }
    if (broken) {
      return false;
    }
    if (to == null) {
      kept.add(chunk);
      keptBytes += chunk.length;
    } else if (to.bytes() >= FILE_BYTES) {
      store.ingest(List.of(finish()));
    }
    return true;
  }

  boolean broken() {
    return broken;
  }

  /** Bytes of chunks in memory. */
  long keptBytes() {
    return keptBytes;
  }

  private void check(byte[] key) {
    if (key.length < StoreKey.PREFIX || !range.has(StoreKey.slot(key))
        || StoreKey.kind(key) == StoreKey.RECORD
        || Arrays.compareUnsigned(last, key) >= 0) {
      throw new MalformedException("a record that does not belong into the copy of shard " + range.shard());
    }
    last = key;
    if (StoreKey.kind(key) == Effect.HEADER) {
      keys++;
    }
  }

  /** What is kept goes into a file of its own, as what follows does. */
  private void spill() throws RocksDBException {
    SstFile fresh = store.newFile();
    file = fresh;
    writeKept(fresh);
  }

  /** Whether it has no file of its own: what is kept goes into one that it shares. */
  boolean isKept() {
    return file == null;
  }

  /** Keys of shards are to come in the order of the shards. */
  void writeKept(SstFile to) throws RocksDBException {
    for (byte[] chunk : kept) {
      CopyChunks.write(chunk, (key, value) -> to.put(key, key.length, value, value.length));
    }
    kept.clear();
    keptBytes = 0;
  }

  /** Its own file, on disk, to be made part of the store; only where {@link #isKept} is false. */
  SstFile finish() throws RocksDBException {
    SstFile filled = Objects.requireNonNull(file);
    file = null;
    filled.finish();
    return filled;
  }

  long keys() {
    return keys;
  }

  void discard() {
    kept.clear();
    keptBytes = 0;
    if (file != null) {
      file.discard();
      file = null;
    }
  }
}
