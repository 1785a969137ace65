package dss.sim;

import dss.core.entry.Entry;
import dss.core.planted.PlantedBug;
import dss.core.storage.CopyReader;
import dss.core.storage.Mark;
import dss.core.storage.ShardStorage;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import dss.storage.EntryLog;
import dss.storage.ShardLog;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One copy in a simulated process: its entries in the real log, and what is applied of them in plain maps. */
final class SimShard implements ShardStorage, EntryLog.Shard {
  private final SimStorage storage;
  private final EntryLog files;
  private final ShardLog entries;
  private final int shard;
  private Mark mark;
  private long copyId;
  private long applied;
  private long appliedTime;
  private long flushed;
  private Map<Bytes, Value> values;
  private final Set<Bytes> warm = new HashSet<>();
  /** Raised by what overtakes callbacks. */
  private int life;

  SimShard(SimStorage storage, EntryLog files, int shard) {
    this.storage = storage;
    this.files = files;
    this.shard = shard;
    this.entries = files.shard(shard, this);
    SimDisk.Flushed on = storage.disk.flushed(shard);
    mark = on.mark;
    copyId = on.copyId;
    settle(on.seq, on.time);
    values = new HashMap<>(on.values);
  }

  private void settle(long seq, long time) {
    applied = seq;
    appliedTime = time;
    flushed = seq;
  }

  // ---- log

  @Override
  public int shard() {
    return shard;
  }

  @Override
  public Mark mark() {
    return mark;
  }

  @Override
  public long copyId() {
    return copyId;
  }

  @Override
  public long lastSeq() {
    return entries.lastSeq();
  }

  @Override
  public long lastEpoch() {
    return entries.lastEpoch();
  }

  @Override
  public long lastTime() {
    return entries.lastTime();
  }

  @Override
  public long baseSeq() {
    return entries.baseSeq();
  }

  @Override
  public long epochAt(long seq) {
    return entries.epochAt(seq);
  }

  @Override
  public @Nullable Entry entry(long seq) {
    return entries.entry(seq);
  }

  @Override
  public void fetch(long fromSeq, Runnable done) {
    int ofLife = life;
    var read = files.fetch(shard, fromSeq);
    Scheduler s = storage.server.cluster.scheduler;
    boolean slow = storage.server.cluster.profile.slowFetches
        && !storage.server.cluster.faults.ambushes().isOver() && s.chance(0.3);
    storage.server.process().post(s.between(50, slow ? 1_000_000 : 3_000), this, () -> {
      if (ofLife == life) {
        files.fetched(shard, read.get());
        done.run();
      }
    });
  }

  @Override
  public void append(Entry entry) {
    if (entry.seq() != lastSeq() + 1 || entry.shard() != shard || mark != Mark.COMPLETE) {
      throw new IllegalStateException("append of " + entry + " behind " + lastSeq() + ", " + mark);
    }
    entries.append(entry);
    trace("appends", entry.seq(), storage.server.cluster.trace.whole() ? entry.toString() : "");
    storage.server.cluster.checks.appended(storage.server, entry);
    storage.appended();
  }

  @Override
  public void cutAfter(long seq) {
    if (seq < applied) {
      throw new IllegalStateException("cut after " + seq + ", applied is " + applied);
    }
    if (seq < lastSeq()) {
      trace("cuts its log after", seq, "");
      entries.cutAfter(seq, seq == applied ? appliedTime : entries.inMemory(seq).time());
    }
  }

  @Override
  public long durableSeq() {
    return entries.durableSeq();
  }

  @Override
  public void retainAfter(long seq) {
    entries.retainAfter(seq);
  }

  // ---- store

  @Override
  public long appliedSeq() {
    return applied;
  }

  @Override
  public void applyNext() {
    Entry entry = entries.inMemory(applied + 1);
    trace("applies", applied + 1, "");
    storage.server.cluster.checks.applied(storage.server, entry, applied + 1 <= durableSeq());
    applied++;
    appliedTime = entry.time();
    warm.addAll(StoredValues.apply(entry, values));
  }

  @Override
  public long appliedTime() {
    return appliedTime;
  }

  @Override
  public Value get(int kind, int slot, Bytes key) {
    Bytes storeKey = StoredValues.key(kind, key);
    if (storage.server.cluster.profile.coldReads && !warm.contains(storeKey)) {
      return Value.COLD;
    }
    return values.getOrDefault(storeKey, Value.ABSENT);
  }

  @Override
  public void warm(int kind, int slot, Bytes key, Runnable done) {
    int ofLife = life;
    storage.server.process().post(storage.server.cluster.scheduler.between(50, 3_000), this, () -> {
      warm.add(StoredValues.key(kind, key));
      if (ofLife == life) {
        done.run();
      }
    });
  }

  @Override
  public void countKeys(LongConsumer done) {
    storage.server.process().post(10, this, () -> done.accept(values.size()));
  }

  @Override
  public void keysInSlot(int slot, int limit, Consumer<List<Bytes>> done) {
    storage.server.process().post(10, this, () -> done.accept(List.of()));
  }

  @Override
  public long bytes() {
    return values.size() * 100L;
  }

  /** What users would see of it: which outcomes are deleted is each copy's own affair. */
  Map<Bytes, Value> values() {
    return StoredValues.ofUsers(values);
  }

  @Override
  public long flushedSeq() {
    return flushed;
  }

  /** What is applied, to be put into the flushed part as it is now; nothing where it is there. */
  Optional<Runnable> seal() {
    if (mark != Mark.COMPLETE || applied == flushed) {
      return Optional.empty();
    }
    int ofLife = life;
    long seq = applied;
    long epoch = epochAt(applied);
    long time = appliedTime;
    var image = new HashMap<>(values);
    return Optional.of(() -> {
      Predicate<Bytes> forgotten = StoredValues.forgotten(image);
      image.keySet().removeIf(forgotten);
      SimDisk.Flushed on = storage.disk.flushed(shard);
      on.values = image;
      if (!storage.server.cluster.bugs.has(PlantedBug.APPLIED_POSITION_LOST)) {
        on.epoch = epoch;
        on.seq = seq;
        on.time = time;
      }
      if (ofLife == life) {
        values.keySet().removeIf(forgotten);
        flushed = seq;
        warm.clear();
      }
    });
  }

  // ---- copies

  /** For the trace: what becomes of this copy. */
  void trace(String what, long seq, String more) {
    storage.server.cluster.trace.copy(what, storage.server, shard, seq, durableSeq(), more);
  }

  private void reset(Mark to, long id) {
    life++;
    mark = to;
    copyId = id;
    entries.settle(0, 0, 0);
    entries.retainAfter(Long.MAX_VALUE);
    if (!storage.server.cluster.bugs.has(PlantedBug.COPY_RANGE_NOT_WIPED)) {
      values = new HashMap<>();
    }
    warm.clear();
    settle(0, 0);
  }

  /** What the store says of it from then on; it is empty but for what a copy brought. */
  private void record(Mark to, SimDisk.@Nullable Flushed whole, Runnable then) {
    int ofLife = life;
    var record = whole == null ? new SimDisk.Flushed() : whole;
    record.mark = to;
    record.copyId = copyId;
    record.voidBefore = files.position();
    storage.flusher(() -> {
      storage.disk.shards.put(shard, record);
      if (ofLife == life) {
        then.run();
      }
    });
  }

  @Override
  public void createEmpty(Runnable durable) {
    trace("creates an empty copy", 0, "");
    reset(Mark.ABSENT, 0);
    record(Mark.COMPLETE, null, () -> {
      mark = Mark.COMPLETE;
      durable.run();
    });
  }

  @Override
  public void beginCopy(long id) {
    trace("begins to take a copy in", applied, "");
    reset(Mark.COPYING, id);
    record(Mark.COPYING, null, () -> {});
  }

  @Override
  public void copyChunk(byte[] chunk, Runnable done) {
    int ofLife = life;
    storage.flusher(() -> {
      if (ofLife == life) {
        values.putAll(SimCopy.decode(chunk));
        storage.server.cluster.faults.ambushes().copies(storage.server);
        done.run();
      }
    });
  }

  @Override
  public void finishCopy(long epoch, long seq, long time, Runnable durable) {
    int ofLife = life;
    storage.flusher(() -> {
      if (ofLife != life) {
        return;
      }
      var whole = new SimDisk.Flushed();
      whole.epoch = epoch;
      whole.seq = seq;
      whole.time = time;
      whole.values = new HashMap<>(values);
      Runnable done = () -> {
        entries.settle(epoch, seq, time);
        trace("has the whole copy", seq, "");
        settle(seq, time);
        mark = Mark.COMPLETE;
        durable.run();
      };
      if (storage.server.cluster.bugs.has(PlantedBug.INTERRUPTED_COPY_IS_COMPLETE)) {
        done.run();
        record(Mark.COMPLETE, whole, () -> {});
      } else {
        record(Mark.COMPLETE, whole, done);
      }
    });
  }

  @Override
  public void wipe(Runnable durable) {
    trace("deletes its copy", applied, "");
    reset(Mark.ABSENT, 0);
    record(Mark.ABSENT, null, durable);
  }

  @Override
  public void openCopy(Consumer<CopyReader> opened) {
    storage.flush();
    int ofLife = life;
    storage.flusher(() -> {
      if (ofLife == life) {
        opened.accept(new SimCopy(storage, storage.disk.flushed(shard)));
      }
    });
  }
}
