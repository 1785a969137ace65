package dss.storage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Copies on their way in. Those that end within a moment become part of the store together, small ones in one file: alone
 * each would cost a file, a change of the store's list of files and a flush of its memory, some fifty milliseconds of
 * waiting for the disk. The flusher only.
 */
final class CopiesIn {
  /** A part of a copy; {@code taken} is run where it was the next one of this shard's. */
  record Chunk(int shard, byte[] bytes, Runnable taken) implements Flusher.Task {
    @Override
    public void run() {
      throw new IllegalStateException("taken by its copy");
    }
  }

  /** All parts have come; {@code durable} is run once the copy survives a crash. Nothing is where it was not whole. */
  record End(int shard, ShardRecord whole, Runnable durable) implements Flusher.Task {
    @Override
    public void run() {
      throw new IllegalStateException("ended with others");
    }
  }

  private static final int ENDS_AT_MOST = 64;
  private static final long WAIT_NANOS = 100_000_000;
  /** Of all copies together, in memory; what does not fit goes into files. */
  private static final long KEPT_AT_MOST = 16 << 20;
  private static final long KEPT_OF_ONE = 1 << 20;

  private final Flusher flusher;
  private final RocksStore store;
  private final Map<Integer, CopyIn> open = new HashMap<>();
  private final List<End> ends = new ArrayList<>();
  private long since;
  private long keptBytes;

  CopiesIn(Flusher flusher, RocksStore store) {
    this.flusher = flusher;
    this.store = store;
  }

  private CopyIn at(int shard) {
    return open.computeIfAbsent(shard, fresh -> new CopyIn(store, flusher.range(shard)));
  }

  void take(Chunk chunk) throws RocksDBException {
    CopyIn copy = at(chunk.shard());
    long before = copy.keptBytes();
    boolean keep = keptBytes + chunk.bytes().length <= KEPT_AT_MOST
        && before + chunk.bytes().length <= KEPT_OF_ONE;
    boolean taken = copy.take(chunk.bytes(), keep);
    keptBytes += copy.keptBytes() - before;
    if (taken) {
      chunk.taken().run();
    }
  }

  void end(End end) throws RocksDBException {
    if (ends.isEmpty()) {
      since = System.nanoTime();
    }
    ends.add(end);
    if (ends.size() >= ENDS_AT_MOST) {
      finish();
    }
  }

  /** How long those that have ended may wait for others, nanoseconds; 0: no longer; {@link Long#MAX_VALUE}: there are none. */
  long mayWait() {
    return ends.isEmpty() ? Long.MAX_VALUE : Math.max(0, since + WAIT_NANOS - System.nanoTime());
  }

  /** Those that have ended become part of the store, then their records say so. Before anything else touches them. */
  void finish() throws RocksDBException {
    if (ends.isEmpty()) {
      return;
    }
    ends.sort(Comparator.comparingInt(End::shard));
    var whole = new ArrayList<End>();
    var files = new ArrayList<SstFile>();
    var records = new ArrayList<ShardRecord>();
    SstFile shared = null;
    for (End end : ends) {
      CopyIn copy = at(end.shard());
      open.remove(end.shard());
      keptBytes -= copy.keptBytes();
      if (copy.broken()) {
        copy.discard();
        continue;
      }
      if (!copy.isKept()) {
        files.add(copy.finish());
      } else if (copy.keptBytes() > 0) {
        shared = shared == null ? store.newFile() : shared;
        copy.writeKept(shared);
      }
      whole.add(end);
      ShardRecord of = end.whole();
      records.add(of.flushed(of.epoch(), of.seq(), of.time(), copy.keys()));
    }
    ends.clear();
    if (!files.isEmpty()) {
      store.ingest(files);
    }
    if (shared != null) {
      shared.finish();
      store.ingest(List.of(shared));
    }
    write(whole, records);
  }

  private void write(List<End> whole, List<ShardRecord> records) throws RocksDBException {
    if (whole.isEmpty()) {
      return;
    }
    try (var batch = new WriteBatch()) {
      for (int i = 0; i < whole.size(); i++) {
        batch.put(flusher.range(whole.get(i).shard()).recordKey(), records.get(i).encode());
      }
      store.write(batch);
    }
    for (int i = 0; i < whole.size(); i++) {
      flusher.record(whole.get(i).shard(), records.get(i));
    }
    whole.forEach(end -> end.durable().run());
  }

  /** The shard is begun anew, or dropped: nothing of the copy before comes after that. */
  void drop(int shard) {
    ends.removeIf(end -> end.shard() == shard);
    CopyIn old = open.remove(shard);
    if (old != null) {
      keptBytes -= old.keptBytes();
      old.discard();
    }
  }

  void dropAll() {
    open.values().forEach(CopyIn::discard);
    open.clear();
  }
}
