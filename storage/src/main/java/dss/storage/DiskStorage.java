package dss.storage;

import dss.core.planted.PlantedBugs;
import dss.core.storage.ServerIdentity;
import dss.core.storage.ShardStorage;
import dss.core.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.rocksdb.RocksDBException;

/**
 * What a server keeps on its disk: one log for all its shards, whose newest part in memory is also the memtable, over
 * one RocksDB. After {@link #open} has returned everything is called on the loop, and all callbacks come there.
 *
 * <p>Threads beside the loop: one that writes and syncs the log, one that writes the store (flusher), some that read
 * what is cold, two for upkeep. A disk that fails is told to the {@link FatalHandler} once, and from then on nothing
 * is reported durable. Source: docs/formats.md (Log, Store) and docs/architecture.md.
 */
public final class DiskStorage implements Storage, AutoCloseable {
  private final DataDirectory directory;
  private final StorageSettings settings;
  private final Executor loop;
  private final Listener listener;
  private final Failure failure;
  private final Counters counters = new Counters();
  private final RocksStore store;
  private final Log log;
  private final LogDisk logDisk;
  private final LogWriter writer;
  private final Flusher flusher;
  private final Memtable memtable;
  private final TablePool tables;
  private final WarmCache warmed;
  private final FetchedEntries fetched = new FetchedEntries();
  private final Warming warming = new Warming(this);
  private final ExecutorService readers;
  private final Upkeep upkeep;
  private final Set<CopyOutReader> copiesOut = new HashSet<>();
  private final ShardTable shards = new ShardTable(this);
  private final DiskSpace space;
  private volatile boolean closed;

  /**
   * Opens the data directory, formatting it where it is empty, and recovers the log. Blocks; any thread.
   *
   * @param loop runs what it is given in order, on the one thread that also calls this
   * @throws StorageException where the directory cannot be used: names file and offset, and says what to do
   */
  public static DiskStorage open(Path directory, StorageSettings settings, Executor loop, Listener listener,
      FatalHandler fatal) {
    try {
      DataDirectory data = DataDirectory.open(directory);
      try {
        return open(data, new ChannelLogFiles(directory.resolve("log")), settings, loop, listener, fatal);
      } catch (IOException | RuntimeException e) {
        data.close();
        throw e;
      }
    } catch (IOException e) {
      throw new StorageException("the data directory " + directory + " cannot be used: " + e
          + ". Check the disk and the rights", e);
    }
  }

  static DiskStorage open(DataDirectory data, LogFiles files, StorageSettings settings, Executor loop,
      Listener listener, FatalHandler fatal) throws IOException {
    var store = new RocksStore(data.path().resolve("store"), data.path().resolve("ingest"),
        settings.blockCacheBytes(), settings.memtableBytes());
    try {
      return new DiskStorage(data, files, store, settings, loop, listener, fatal);
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  private DiskStorage(DataDirectory directory, LogFiles files, RocksStore store, StorageSettings settings,
      Executor loop, Listener listener, FatalHandler fatal) {
    this.directory = directory;
    this.settings = settings;
    this.space = new DiskSpace(settings.diskReserveBytes());
    this.loop = loop;
    this.listener = listener;
    this.failure = new Failure(fatal);
    this.store = store;
    this.log = new Log(settings);
    this.memtable = new Memtable(this, log, settings);
    this.tables = new TablePool(log.viewers(), settings.memtableBytes() / 8);
    this.flusher = new Flusher(store, settings.keySetBytes(), failure);
    this.warmed = new WarmCache(settings.readCacheBytes());
    shards.begin(directory.identity().shards(), log);
    LogRecovery.Result recovered = LogRecovery.run(files, settings.segmentBytes(), shards::recover);
    shards.recovered(recovered.end());
    this.logDisk = new LogDisk(files, settings.segmentBytes(), recovered.end(), counters);
    this.writer = new LogWriter(logDisk, this::onLoop, this::durable, failure);
    logDisk.spares().addAll(recovered.spares());
    log.begin(recovered.segments(), recovered.end(), recovered.nextNumber(), writer::write);
    this.readers = Executors.newFixedThreadPool(settings.readers(),
        Thread.ofPlatform().name("dss-read-", 0).daemon().factory());
    this.upkeep = new Upkeep(this, new SpareFiles(files, settings.segmentBytes(), logDisk.spares(),
        System.nanoTime() & Long.MAX_VALUE, PlantedBugs.NONE));
    start();
  }

  private void start() {
    writer.start();
    flusher.start();
    upkeep.start();
  }

  // ---- the port

  @Override
  public ServerIdentity identity() {
    return directory.identity();
  }

  @Override
  public void saveIdentity(ServerIdentity identity) {
    if (shards.count() > 0 && identity.shards() != shards.count()) {
      throw new IllegalArgumentException("a ring of " + shards.count() + " shards cannot become one of "
          + identity.shards());
    }
    try {
      directory.save(identity);
    } catch (IOException e) {
      failure.fail("file identity in " + directory.path() + " could not be written", e);
      throw new StorageException("the identity could not be saved: " + e.getMessage(), e);
    }
    if (shards.count() == 0 && identity.shards() > 0) {
      shards.begin(identity.shards(), log);
    }
  }

  @Override
  public void saveClusterState(byte[] state) {
    upkeep.saveClusterState(state.clone());
  }

  /** The newest cluster state that a server kept in its data directory: for recovery of a lost ECS. */
  public static Optional<byte[]> savedClusterState(Path directory) {
    try {
      return DataDirectory.clusterState(directory);
    } catch (IOException e) {
      throw new StorageException("the cluster state in " + directory + " cannot be read: " + e, e);
    }
  }

  @Override
  public ShardStorage shard(int shard) {
    return shards.shard(shard);
  }

  @Override
  public void sync() {
    if (log.sync() && spares().isEmpty()) {
      upkeep.prepareSpare();
    }
  }

  @Override
  public int syncsInFlight() {
    return log.syncsInFlight();
  }

  @Override
  public boolean acceptsWrites() {
    return memtable.acceptsWrites();
  }

  @Override
  public boolean acceptsEntries() {
    return memtable.acceptsEntries();
  }

  @Override
  public boolean diskLow() {
    return space.isLow(counters.diskFree);
  }

  /** Free space, in bytes, below which {@link #diskLow()} is true; at least 0. Loop only. */
  public long diskReserve() {
    return space.reserve();
  }

  /** As {@link #diskReserve()}, until the process ends. Loop only. */
  public void diskReserve(long bytes) {
    space.reserve(bytes);
  }

  StorageSettings settings() {
    return settings;
  }

  /** Loop only. */
  public StorageStats stats() {
    return new StorageStats(counters.fsyncs.sum(), counters.longestFsyncNanos.get() / 1_000_000,
        counters.logBytes.sum(), log.liveSegments(), counters.recycled.sum(), log.fileBytes(),
        log.memoryBytes(), log.recentBytes(),
        counters.flushes.sum(), memtable.flushing(), counters.storeBytes, counters.reads.sum(),
        counters.diskFree);
  }

  /** Flushes now what is applied, if no flush is under way: for tests and for an operator. Loop only. */
  void flush() {
    if (!memtable.flushing()) {
      memtable.seal();
    }
  }

  /**
   * Writes and syncs what was appended, ends all threads, closes files, releases the lock. What is not
   * flushed is in the log. No callback comes afterwards. Blocks; on the loop, or once nothing runs there any more.
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    log.sync();
    closed = true;
    // A flush under way ends before RocksDB's own work is told to stop, or it would seem to have failed.
    flusher.close();
    upkeep.close();
    writer.close();
    readers.shutdown();
    readers.close();
    copiesOut.forEach(CopyOutReader::closeView);
    store.close();
    try {
      for (Segment segment : log.live()) {
        LogFiles.LogFile file = segment.file;
        if (file != null) {
          file.close();
        }
      }
      directory.close();
    } catch (IOException e) {
      throw new StorageException("the data directory " + directory.path() + " could not be closed: " + e, e);
    }
  }

  // ---- for the rest of the package

  /** Runs something on the loop, unless this is closed or the disk has failed. */
  void onLoop(Runnable task) {
    loop.execute(() -> {
      if (!closed && !failure.failed()) {
        task.run();
      }
    });
  }

  private void durable(Batch batch) {
    log.durable(batch);
    listener.synced();
  }

  boolean isClosed() {
    return closed;
  }

  /** Something that reads the disk. */
  interface Reading {
    void run() throws IOException, RocksDBException;
  }

  void read(String what, Reading reading) {
    if (closed) {
      return;
    }
    readers.execute(() -> {
      try {
        reading.run();
      } catch (IOException | RocksDBException | RuntimeException e) {
        // Whoever waits for it would wait for ever.
        failure.fail(what + " failed", e);
      }
    });
  }

  CopyOutReader copyOut(CopyOutReader.Frozen frozen) {
    var reader = new CopyOutReader(frozen, readers, this::onLoop, failure, copiesOut::remove);
    copiesOut.add(reader);
    return reader;
  }

  /** Once a second. */
  void tick() {
    memtable.tick();
    warmed.trim();
    shards.measure(counters.flushes.sum());
  }

  DiskShard[] diskShards() {
    return shards.all();
  }

  ShardRange range(int shard) {
    return shards.range(shard);
  }

  Path directory() {
    return directory.path();
  }

  DataDirectory dataDirectory() {
    return directory;
  }

  Queue<String> spares() {
    return logDisk.spares();
  }

  RocksStore store() {
    return store;
  }

  Flusher flusher() {
    return flusher;
  }

  Memtable memtable() {
    return memtable;
  }

  TablePool tables() {
    return tables;
  }

  WarmCache warmed() {
    return warmed;
  }

  Warming warming() {
    return warming;
  }

  FetchedEntries fetched() {
    return fetched;
  }

  Upkeep upkeep() {
    return upkeep;
  }

  Listener listener() {
    return listener;
  }

  Counters counters() {
    return counters;
  }

  Failure failure() {
    return failure;
  }
}
