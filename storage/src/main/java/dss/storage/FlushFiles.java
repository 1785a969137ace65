package dss.storage;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * The files of one flush, each with the shards of some eighths of the slots: what lies in one eighth is compacted without
 * the others, so that little of the store is there twice at a time. A shard's effects and its record are in one file.
 * The flusher only.
 */
final class FlushFiles {
  static final int PARTS = 8;
  /** A smaller file takes the next eighth in, too. */
  private static final long SMALLEST = 4 << 20;

  private final Flusher flusher;
  private final List<SstFile> written = new ArrayList<>();
  private @Nullable SstFile open;
  private int part;

  FlushFiles(Flusher flusher) {
    this.flusher = flusher;
  }

  /** Where the shard goes. To be asked in the order of shards. */
  SstFile of(int shard) throws RocksDBException {
    int itsPart = (int) ((long) shard * PARTS / flusher.shards());
    SstFile file = open;
    if (file != null && itsPart != part && file.bytes() >= SMALLEST) {
      finish(file);
      file = null;
    }
    if (file == null) {
      file = flusher.store().newFile();
      open = file;
    }
    part = itsPart;
    return file;
  }

  private void finish(SstFile file) throws RocksDBException {
    file.finish();
    written.add(file);
    open = null;
  }

  /** All of it becomes part of the store, or nothing; on disk when this returns. */
  void ingest() throws RocksDBException {
    SstFile last = open;
    if (last != null) {
      finish(last);
    }
    if (!written.isEmpty()) {
      flusher.store().ingest(written);
    }
  }

  /** Gives back what was not ingested. */
  void discard() {
    SstFile last = open;
    if (last != null) {
      last.discard();
    }
    written.forEach(SstFile::discard);
  }
}
