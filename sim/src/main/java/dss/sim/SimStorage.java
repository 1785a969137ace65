package dss.sim;

import dss.core.entry.Entry;
import dss.core.storage.ServerIdentity;
import dss.core.storage.ShardStorage;
import dss.core.storage.Storage;
import java.util.HashMap;
import java.util.Map;

/** The storage port over a {@link SimDisk}: one process's memory of it. */
final class SimStorage implements Storage {
  final SimDisk disk;
  final SimServer server;
  private final Map<Integer, SimShard> shards = new HashMap<>();
  private int batches;
  private int closed;
  private long flusherFree;
  private long fullUntil;
  private long stalledUntil;
  private boolean takesEntriesWhileFull;

  SimStorage(SimServer server, SimDisk disk) {
    this.server = server;
    this.disk = disk;
    this.closed = disk.log.size();
    // A record may be synced before the log in front of it: positions are given out again.
    disk.shards.values().forEach(f -> f.voidBefore = Math.min(f.voidBefore, disk.log.size()));
    for (int shard = 0; shard < server.cluster.profile.shards; shard++) {
      shards.put(shard, new SimShard(this, shard));
    }
    for (int i = 0; i < disk.log.size(); i++) {
      Entry entry = disk.log.get(i).entry();
      simShard(entry.shard()).recover(entry, i);
    }
    shards.values().forEach(SimShard::recovered);
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
    SimShard found = shards.get(shard);
    if (found == null) {
      throw new IllegalArgumentException("shard " + shard);
    }
    return found;
  }

  @Override
  public void sync() {
    if (closed == disk.log.size()) {
      return;
    }
    int upTo = disk.log.size();
    closed = upTo;
    batches++;
    Scheduler scheduler = server.cluster.scheduler;
    long delay = scheduler.between(200, 2_000)
        + (scheduler.chance(0.01) ? scheduler.between(5_000, 60_000) : 0)
        + Math.max(0, stalledUntil - scheduler.now());
    server.process().post(delay, "log", () -> {
      disk.synced = Math.max(disk.synced, upTo);
      batches--;
      server.node().synced();
    });
  }

  /** Whether something was appended that no fsync has been asked for. */
  boolean hasUnsynced() {
    return closed < disk.log.size();
  }

  /** An fsync from now on takes at least so long. */
  void stall(long micros) {
    stalledUntil = server.cluster.scheduler.now() + micros;
  }

  @Override
  public int syncsInFlight() {
    return batches;
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
    if (!acceptsWrites()) {
      fullUntil = 0;
      server.process().post(0, "writable", () -> server.node().writable());
    }
  }

  @Override
  public boolean diskLow() {
    return false;
  }

  /** Work of the flusher's thread: in order, some time later, lost with the process. */
  void flusher(Runnable onDisk) {
    Scheduler scheduler = server.cluster.scheduler;
    flusherFree = Math.max(flusherFree, scheduler.now()) + scheduler.between(100, 3_000);
    server.process().post(flusherFree - scheduler.now(), "flusher", onDisk);
  }

  /** Flushes what is applied of every shard, and sometimes lets the log of it go. */
  void flush(boolean letLogGo) {
    shards.values().forEach(shard -> shard.flush(letLogGo));
  }
}
