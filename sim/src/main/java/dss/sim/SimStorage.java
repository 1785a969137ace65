package dss.sim;

import dss.core.storage.Mark;
import dss.core.storage.ServerIdentity;
import dss.core.storage.ShardStorage;
import dss.core.storage.Storage;
import dss.storage.EntryLog;
import dss.storage.LogFault;
import dss.storage.StorageException;
import dss.storage.StorageSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The storage port over a {@link SimDisk}: one process's memory of it. The log is the real one, with its recovery; the
 * store is plain maps.
 */
final class SimStorage implements Storage {
  private static final int SEGMENT = 4096;
  private static final int MEMTABLE = 8 * SEGMENT;
  private static final int SPARES_A_START = 1_000_000;

  final SimDisk disk;
  final SimServer server;
  private final EntryLog log;
  private final List<SimShard> shards = new ArrayList<>();
  private long flusherFree;
  private long fullUntil;
  private long stalledUntil;
  private long lowUntil;
  private boolean takesEntriesWhileFull;
  private boolean flushing;
  /** The file of the log that was written to last. */
  private long writesTo;

  /** @throws StorageException if the log is damaged */
  SimStorage(SimServer server, SimDisk disk) {
    this.server = server;
    this.disk = disk;
    if (disk.storeRotten) {
      throw new StorageException("the store is damaged");
    }
    int count = server.cluster.profile.shards;
    var stored = IntStream.range(0, count).mapToObj(disk::flushed).map(f -> new EntryLog.Stored(
        f.mark == Mark.COMPLETE, f.epoch, f.seq, f.time, f.voidBefore)).toList();
    disk.starts++;
    long retain = server.cluster.profile.logRetainBytes;
    log = new EntryLog(disk.files,
        new StorageSettings(SEGMENT, MEMTABLE, 0, 0, 0, 0, retain, retain / 4, 0, 1), stored,
        (long) disk.starts * SPARES_A_START, server.cluster.bugs);
    // A record may be synced before the log in front of it: positions are given out again.
    disk.shards.values().forEach(f -> f.voidBefore = Math.min(f.voidBefore, log.recoveredEnd()));
    disk.attested = Math.min(disk.attested, log.recoveredEnd());
    for (int shard = 0; shard < count; shard++) {
      shards.add(new SimShard(this, log, shard));
    }
  }

  @Override
  public ServerIdentity identity() {
    return disk.identity;
  }

  @Override
  public void saveIdentity(ServerIdentity identity) {
    disk.identity = identity;
  }

  @Override
  public void saveClusterState(byte[] state) {}

  @Override
  public ShardStorage shard(int shard) {
    return simShard(shard);
  }

  SimShard simShard(int shard) {
    return shards.get(shard);
  }

  @Override
  public void sync() {
    long attests = log.synced();
    try {
      if (!log.write()) {
        return;
      }
    } catch (LogFault e) {
      server.diskFailed(e);
      return;
    }
    if (log.currentSegment() != writesTo) {
      writesTo = log.currentSegment();
      server.cluster.faults.ambushes().newFile(server);
    }
    Scheduler scheduler = server.cluster.scheduler;
    long delay = scheduler.between(200, 2_000)
        + (scheduler.chance(0.01) ? scheduler.between(5_000, 60_000) : 0)
        + Math.max(0, stalledUntil - scheduler.now());
    server.process().post(delay, "log", () -> {
      try {
        long[] before = durable();
        log.sync();
        disk.attested = attests;
        long[] after = durable();
        for (int shard = 0; shard < after.length; shard++) {
          if (after[shard] != before[shard]) {
            simShard(shard).trace("fsync", after[shard], "");
          }
        }
        server.node().synced();
      } catch (LogFault e) {
        server.diskFailed(e);
      }
    });
  }

  private long[] durable() {
    long[] durable = new long[shards.size()];
    for (int i = 0; i < durable.length; i++) {
      durable[i] = shards.get(i).durableSeq();
    }
    return durable;
  }

  /** Whether something was appended that no fsync has been asked for. */
  boolean hasUnsynced() {
    return log.hasUnwritten();
  }

  /** An fsync from now on takes at least so long. */
  void stall(long micros) {
    stalledUntil = server.cluster.scheduler.now() + micros;
  }

  @Override
  public int syncsInFlight() {
    return log.syncsInFlight();
  }

  @Override
  public boolean acceptsWrites() {
    return server.cluster.scheduler.now() >= fullUntil;
  }

  @Override
  public boolean acceptsEntries() {
    return acceptsWrites() || takesEntriesWhileFull;
  }

  /** Its flush hangs for so long: no memory for writes, and perhaps none for entries of primaries either. */
  void fill(long micros, boolean takesEntries) {
    fullUntil = server.cluster.scheduler.now() + micros;
    takesEntriesWhileFull = takesEntries;
    server.process().post(micros, "writable", () -> server.node().writable());
  }

  /** The flush that hung is done. */
  void drained() {
    stalledUntil = 0;
    lowUntil = 0;
    if (!acceptsWrites()) {
      fullUntil = 0;
      server.process().post(0, "writable", () -> server.node().writable());
    }
  }

  @Override
  public boolean diskLow() {
    return server.cluster.scheduler.now() < lowUntil;
  }

  /** The disk is nearly full for so long. */
  void low(long micros) {
    lowUntil = server.cluster.scheduler.now() + micros;
  }

  /** Once a second. */
  void upkeep() {
    letGo(log::letFilesGo);
  }

  private interface Letting {
    void go() throws IOException;
  }

  /** A file that cannot be let go stays. */
  private void letGo(Letting letting) {
    try {
      letting.go();
    } catch (IOException e) {
      server.cluster.trace("stays", server, e.toString());
    }
  }

  /** Work of the flusher's thread: in order, some time later, lost with the process. */
  void flusher(Runnable onDisk) {
    Scheduler scheduler = server.cluster.scheduler;
    flusherFree = Math.max(flusherFree, scheduler.now()) + scheduler.between(100, 3_000);
    server.process().post(flusherFree - scheduler.now(), "flusher", onDisk);
  }

  /** Something was appended: where that is much, what is applied goes to the store. */
  void appended() {
    if (log.memoryBytes() >= MEMTABLE / 2) {
      flush();
    }
  }

  /** Flushes what is applied of every shard, unless that is under way. */
  void flush() {
    if (flushing) {
      return;
    }
    flushing = true;
    long through = log.currentSegment();
    List<Runnable> parts = shards.stream().flatMap(shard -> shard.seal().stream()).toList();
    flusher(() -> {
      parts.forEach(Runnable::run);
      flushing = false;
      letGo(() -> log.flushed(through));
    });
  }
}
