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

/** A copy coming in: chunks are gathered into files for the store. The flusher only. */
final class CopyIn {
  private static final Logger LOG = LoggerFactory.getLogger(CopyIn.class);
  /** A file is ingested when it has grown to this. */
  private static final long FILE_BYTES = 32 << 20;

  private final RocksStore store;
  private final ShardRange range;
  private @Nullable SstFile file;
  private byte[] last = new byte[0];
  private long keys;
  private boolean broken;

  CopyIn(RocksStore store, ShardRange range) {
    this.store = store;
    this.range = range;
  }

  /** False where the chunk is not one of this shard, or not the next: then this copy never becomes whole. */
  boolean take(byte[] chunk) throws RocksDBException {
    try {
      CopyChunks.write(chunk, this::take);
    } catch (MalformedException e) {
      // The sender hears nothing, gives up and starts over.
      LOG.warn("a copy of shard {} is given up: {}", range.shard(), e.getMessage());
      broken = true;
    }
    SstFile filled = file;
    if (filled != null && filled.bytes() >= FILE_BYTES) {
      var files = new ArrayList<SstFile>();
      finish(files);
      store.ingest(files);
    }
    return !broken;
  }

  boolean broken() {
    return broken;
  }

  private void take(byte[] key, byte[] value) throws RocksDBException {
    if (key.length < StoreKey.PREFIX || !range.has(StoreKey.slot(key))
        || StoreKey.kind(key) == StoreKey.RECORD
        || Arrays.compareUnsigned(last, key) >= 0) {
      throw new MalformedException("a record that does not belong into the copy of shard " + range.shard());
    }
    last = key;
    SstFile to = file;
    if (to == null) {
      to = store.newFile();
      file = to;
    }
    to.put(key, key.length, value, value.length);
    if (StoreKey.kind(key) == Effect.HEADER) {
      keys++;
    }
  }

  /** What was taken and is not in the store yet: a file, on disk, to be made part of it, or none. */
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
    if (file != null) {
      file.discard();
      file = null;
    }
  }
}
