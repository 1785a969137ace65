package dss.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What may take its time: free space and sizes once a second, log files to use again, the cluster state, the ranges of
 * wiped shards, outcomes nobody may ask for any more. Two threads of low priority: compactions are slow.
 */
final class Upkeep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
  /** Wipes come in numbers; their ranges are compacted together. */
  private static final long RECLAIM_AFTER_MS = 2_000;

  private final DiskStorage storage;
  private final SpareFiles spareFiles;
  private final ScheduledExecutorService upkeep = Executors
      .newSingleThreadScheduledExecutor(factory("dss-upkeep"));
  private final ScheduledExecutorService compactor = Executors.newSingleThreadScheduledExecutor(
      factory("dss-compact"));
  private final AtomicReference<byte[]> clusterState = new AtomicReference<>(new byte[0]);
  /** Guarded by itself. */
  private final Set<Integer> wiped = new HashSet<>();
  private final AtomicBoolean preparing = new AtomicBoolean();
  private final OutcomeSweep sweep;

  Upkeep(DiskStorage storage, SpareFiles spareFiles) {
    this.storage = storage;
    this.spareFiles = spareFiles;
    this.sweep = new OutcomeSweep(storage.flusher());
  }

  private static ThreadFactory factory(String name) {
    return task -> Thread.ofPlatform().name(name).daemon().unstarted(() -> {
      ThreadPriority.lowerOwn();
      task.run();
    });
  }

  void start() {
    pollDisk();
    upkeep.scheduleWithFixedDelay(this::tick, 1, 1, TimeUnit.SECONDS);
    prepareSpare();
  }

  /** Something that may fail with the disk. */
  private interface Work {
    void run() throws IOException, RocksDBException;
  }

  private void guarded(String what, Work work) {
    try {
      if (!storage.failure().failed()) {
        work.run();
      }
    } catch (IOException | RocksDBException e) {
      LOG.warn("{}: {}", what, e.toString());
    }
  }

  private void tick() {
    guarded("free space", this::pollDisk);
    guarded("store size", () -> storage.counters().storeBytes = storage.store().bytes());
    guarded("levels of the store", storage.store()::shapeLevels);
    guarded("pace of compaction", storage.store()::paceCompaction);
    storage.flusher().executeAtLeisure(sweep);
    storage.onLoop(storage::tick);
  }

  private void pollDisk() {
    try {
      storage.counters().diskFree = Files.getFileStore(storage.directory()).getUsableSpace();
    } catch (IOException e) {
      LOG.warn("free space of {} cannot be told: {}", storage.directory(), e.toString());
    }
  }

  /** Sizes of parts of the store, in bytes, told on the loop. */
  void measure(List<ShardRange> ranges, BiConsumer<List<ShardRange>, long[]> sized) {
    upkeep.execute(() -> {
      long[] sizes = storage.store().sizes(ranges);
      storage.onLoop(() -> sized.accept(ranges, sizes));
    });
  }

  // ---- log files

  /** A file that has left the log: becomes a spare one, or is deleted. In the order of the calls. */
  void recycle(Segment segment) {
    upkeep.execute(() -> guarded("log file " + segment.fileName(), () -> spareFiles.retire(segment)));
  }

  /** Keeps one file ready, so that the log's thread need not fill one with zeros. */
  void prepareSpare() {
    if (preparing.compareAndSet(false, true)) {
      upkeep.execute(() -> {
        guarded("a spare log file", this::spare);
        preparing.set(false);
      });
    }
  }

  private void spare() throws IOException {
    if (!storage.diskLow()) {
      spareFiles.prepare();
    }
  }

  // ---- the rest

  void saveClusterState(byte[] state) {
    if (clusterState.getAndSet(state).length == 0) {
      upkeep.execute(() -> guarded("the cluster state", () -> {
        byte[] newest = clusterState.getAndSet(new byte[0]);
        storage.dataDirectory().saveClusterState(newest);
      }));
    }
  }

  /** Gives the disk of a wiped shard back, soon. */
  void reclaim(int shard) {
    synchronized (wiped) {
      if (wiped.isEmpty()) {
        compactor.schedule(this::compact, RECLAIM_AFTER_MS, TimeUnit.MILLISECONDS);
      }
      wiped.add(shard);
    }
  }

  private void compact() {
    List<Integer> shards;
    synchronized (wiped) {
      shards = wiped.stream().sorted().toList();
      wiped.clear();
    }
    for (int shard : shards) {
      guarded("compaction of shard " + shard, () -> storage.store().compact(storage.range(shard)));
    }
  }

  /** Ends both threads; a compaction under way is told to stop. */
  @Override
  public void close() {
    upkeep.shutdown();
    compactor.shutdownNow();
    storage.store().cancelCompactions();
    upkeep.close();
    compactor.close();
  }
}
