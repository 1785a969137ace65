package dss.storage;

import dss.core.binary.BinaryReader.MalformedException;
import dss.core.entry.Effect;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
    try {
      CopyChunks.write(chunk, this::check);
    } catch (MalformedException e) {
      // The sender hears nothing, gives up and starts over.
      LOG.warn("a copy of shard {} is given up: {}", range.shard(), e.getMessage());
      broken = true;
    }
    if (broken) {
      return false;
    }
    kept.add(chunk);
    keptBytes += chunk.length;
    if (!keep || file != null) {
      spill();
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

  private void check(byte[] key, byte[] value) {
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

  /** Into a file of its own. */
  private void spill() throws RocksDBException {
    SstFile to = file;
    if (to == null) {
      to = store.newFile();
      file = to;
    }
    writeKept(to);
    if (to.bytes() >= FILE_BYTES) {
      var files = new ArrayList<SstFile>();
      finish(files);
      store.ingest(files);
    }
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

  /** Its own file, on disk, to be made part of the store; or none. */
  void finish(List<SstFile> files) throws RocksDBException {
    SstFile filled = file;
    file = null;
    if (filled != null) {
      filled.finish();
      files.add(filled);
    }
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
