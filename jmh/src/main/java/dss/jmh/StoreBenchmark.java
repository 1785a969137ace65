package dss.jmh;

import dss.core.storage.Value;
import dss.storage.StorageSettings;
import java.io.IOException;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One server's log and store, per SET of 100 bytes to one of many keys, or per key looked up. */
public class StoreBenchmark extends Timed {
  private static final int BATCH = 64;

  /** An open storage and a draw of its keys. */
  @State(Scope.Thread)
  public abstract static class Opened {
    @Param({"100000", "1000000"})
    int keys;

    private final SplittableRandom random = new SplittableRandom(1);
    private @Nullable Store store;

    abstract StorageSettings settings();

    @Setup(Level.Trial)
    public void open() throws IOException {
      store = new Store(keys, settings());
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
      store().close();
    }

    Store store() {
      Store opened = store;
      if (opened == null) {
        throw new IllegalStateException("not open");
      }
      return opened;
    }

    int key() {
      return random.nextInt(keys);
    }
  }

  /** As a server is by default. */
  @State(Scope.Thread)
  public static class Writing extends Opened {
    @Override
    StorageSettings settings() {
      return StorageSettings.defaults();
    }
  }

  /** All that is read lies in the log's memory, or nearly all in RocksDB's blocks, which are in its cache. */
  @State(Scope.Thread)
  public static class Reading extends Opened {
    private static final int SEGMENT = 1 << 20;
    private static final long BLOCKS = 512L << 20;

    @Param({"memtable", "rocksdb"})
    String where = "";

    @Override
    StorageSettings settings() {
      StorageSettings settings = StorageSettings.defaults();
      return where.equals("memtable")
          ? settings.withMemtableBytes(1L << 30)
          : settings.withSegmentBytes(SEGMENT).withMemtableBytes(4 * SEGMENT).withRecentBytes(0)
              .withCacheBytes(BLOCKS, 0);
    }
  }

  /** Appended, written and synced 64 at a time where an fsync costs nothing, and applied; flushes go on beside it. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void put(Writing writing) {
    Store store = writing.store();
    for (int i = 0; i < BATCH; i++) {
      store.append(writing.key());
    }
    store.bringToDiskAndApply();
  }

  @Benchmark
  public Value get(Reading reading) {
    return reading.store().getOrFetch(reading.key());
  }
}
