package dss.storage;

import dss.storage.CopyOpening.CopyRequest;
import dss.storage.FlushJob.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * All shards' unflushed state as one: when it is sealed and flushed, when it is full, and what of the log may go
 * afterwards. States: active alone; active and sealed, a flush under way. Loop only.
 */
final class Memtable {
  /** Copies that wait share a flush, and there is at most one such in a second. */
  private static final long FORCED_APART_NANOS = 1_000_000_000;
  /** Of one shard: about what a copy sends at once. */
  private static final long LITTLE_BYTES = 256 << 10;
  /** Memory of entries from primaries may be so many times what writes of clients may fill. */
  private static final int MOST = 2;

  private final DiskStorage storage;
  private final Log log;
  private final StorageSettings settings;
  private final LogSpace space;
  private final List<CopyRequest> waiting = new ArrayList<>();
  private boolean flushing;
  private boolean wasFull;
  /** Read by the flusher. */
  private volatile boolean urgent;
  private long appliedSinceSeal;
  private long sealedThrough = -1;
  private long forcedAt = System.nanoTime() - FORCED_APART_NANOS;

  Memtable(DiskStorage storage, Log log, StorageSettings settings) {
    this.storage = storage;
    this.log = log;
    this.settings = settings;
    this.space = new LogSpace(log, settings.segmentBytes() / 4, settings.recentBytes(),
        segment -> storage.upkeep().recycle(segment));
  }

  boolean flushing() {
    return flushing;
  }

  boolean acceptsWrites() {
    wasFull |= log.memoryBytes() > settings.memtableBytes();
    return !wasFull;
  }

  boolean acceptsEntries() {
    return log.memoryBytes() <= MOST * settings.memtableBytes() || acceptsWrites();
  }

  void appended() {
    if (log.rolled()) {
      space.trimRecent(keepers());
      urgent |= log.memoryBytes() >= settings.memtableBytes() / 4 * 3;
      sealIfLarge();
    }
  }

  void applied(int bytes) {
    appliedSinceSeal += bytes;
    if (wasFull) {
      sealIfLarge();
    }
  }

  private void sealIfLarge() {
    boolean large = log.memoryBytes() >= settings.memtableBytes() / 2;
    boolean worthIt = appliedSinceSeal >= settings.segmentBytes() / 2 || wasFull && appliedSinceSeal > 0;
    if (!flushing && large && worthIt) {
      seal();
    }
  }

  /**
   * Opens what is flushed of a shard. Where much is not, a flush is forced first; a little is quicker sent from the log,
   * and is in memory.
   */
  void openCopy(CopyRequest request) {
    if (request.shard().unflushedBytes() <= LITTLE_BYTES) {
      var opening = new CopyOpening(storage.flusher(), List.of(request));
      storage.flusher().execute(() -> {
        opening.run();
        storage.onLoop(() -> opening.opened().forEach(Runnable::run));
      });
    } else {
      waiting.add(request);
      urgent = true;
      forceIfDue();
    }
  }

  private void forceIfDue() {
    if (!flushing && !waiting.isEmpty() && System.nanoTime() - forcedAt >= FORCED_APART_NANOS) {
      seal();
    }
  }

  /** Once a second. */
  void tick() {
    forceIfDue();
    space.letFilesGo(keepers());
  }

  private List<DiskShard> keepers() {
    return Arrays.asList(storage.diskShards());
  }

  void seal() {
    var parts = new ArrayList<Part>();
    for (DiskShard shard : storage.diskShards()) {
      Part part = shard.seal();
      if (part != null) {
        parts.add(part);
      }
    }
    if (!waiting.isEmpty()) {
      forcedAt = System.nanoTime();
    }
    flushing = true;
    sealedThrough = log.currentSegment();
    appliedSinceSeal = 0;
    var ended = new ArrayList<FlushJob>(1);
    urgent = !waiting.isEmpty();
    var job = new FlushJob(storage.flusher(), log.table().copy(), parts, List.copyOf(waiting), () -> urgent,
        () -> storage.onLoop(() -> flushed(ended.getFirst())));
    ended.add(job);
    waiting.clear();
    storage.flusher().execute(job);
  }

  private void flushed(FlushJob job) {
    flushing = false;
    for (int i = 0; i < job.parts().size(); i++) {
      Part part = job.parts().get(i);
      part.shard().flushed(part, job.records().get(i));
    }
    storage.counters().flushes.increment();
    if (space.letMemoryGo(keepers(), sealedThrough)) {
      storage.sync();
    }
    space.letFilesGo(keepers());
    job.opened().forEach(Runnable::run);
    if (wasFull && log.memoryBytes() <= settings.memtableBytes()) {
      wasFull = false;
      storage.listener().writable();
    }
    sealIfLarge();
    forceIfDue();
  }
}
