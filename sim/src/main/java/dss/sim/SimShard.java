package dss.sim;

import dss.core.entry.Entry;
import dss.core.storage.CopyReader;
import dss.core.storage.Mark;
import dss.core.storage.ShardStorage;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/** One copy in a simulated process: the log behind the flushed position, and what is applied, in plain maps. */
final class SimShard implements ShardStorage {
  private record Kept(Entry entry, int position) {}

  private final SimStorage storage;
  private final int shard;
  private Mark mark;
  private long copyId;
  private long baseSeq;
  private long baseEpoch;
  private long baseTime;
  private long applied;
  private long appliedTime;
  private final List<Kept> log = new ArrayList<>();
  private Map<Bytes, Value> values;
  private final Set<Bytes> warm = new HashSet<>();
  /** While recovering: of entries at or below the flushed position. */
  private final Map<Long, Long> epochsBelow = new HashMap<>();
  /** Raised by what overtakes callbacks. */
  private int life;

  SimShard(SimStorage storage, int shard) {
    this.storage = storage;
    this.shard = shard;
    SimDisk.Flushed flushed = storage.disk.flushed(shard);
    mark = flushed.mark;
    copyId = flushed.copyId;
    baseSeq = flushed.seq;
    baseEpoch = flushed.epoch;
    baseTime = flushed.time;
    applied = baseSeq;
    appliedTime = baseTime;
    values = new HashMap<>(flushed.values);
  }

  // ---- recovery

  void recover(Entry entry, int position) {
    SimDisk.Flushed flushed = storage.disk.flushed(shard);
    if (position < flushed.voidBefore) {
      return;
    }
    if (entry.seq() <= flushed.seq) {
      // Flushed, but it may have cut what stands above it in the log.
      Long known = epochsBelow.put(entry.seq(), entry.epoch());
      if (known != null && known != entry.epoch()) {
        log.clear();
      }
      return;
    }
    if (entry.seq() <= lastSeq()) {
      if (epochAt(entry.seq()) == entry.epoch()) {
        return;
      }
      dropAfter(entry.seq() - 1);
    }
    if (entry.seq() != lastSeq() + 1) {
      throw new IllegalStateException("a gap in the log of shard " + shard + " at " + entry);
    }
    log.add(new Kept(entry, position));
  }

  void recovered() {
    // What is in the log of a copy that is not complete is worth nothing.
    if (mark != Mark.COMPLETE) {
      log.clear();
    }
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
    return baseSeq + log.size();
  }

  @Override
  public long lastEpoch() {
    return log.isEmpty() ? baseEpoch : log.get(log.size() - 1).entry.epoch();
  }

  @Override
  public long lastTime() {
    return log.isEmpty() ? baseTime : log.get(log.size() - 1).entry.time();
  }

  @Override
  public long baseSeq() {
    return baseSeq;
  }

  @Override
  public long epochAt(long seq) {
    if (seq < baseSeq || seq > lastSeq()) {
      throw new IllegalArgumentException("seq " + seq + " not in " + baseSeq + ".." + lastSeq());
    }
    return seq == baseSeq ? baseEpoch : log.get((int) (seq - baseSeq - 1)).entry.epoch();
  }

  @Override
  public Entry entry(long seq) {
    return log.get((int) (seq - baseSeq - 1)).entry;
  }

  @Override
  public void fetch(long fromSeq, Runnable done) {
    throw new IllegalStateException("all of the simulated log is in memory");
  }

  @Override
  public void append(Entry entry) {
    if (entry.seq() != lastSeq() + 1 || entry.shard() != shard) {
      throw new IllegalStateException("append of " + entry + " behind " + lastSeq());
    }
    Entry own = entry.copy();
    log.add(new Kept(own, storage.disk.log.size()));
    storage.disk.log.add(new SimDisk.Logged(own));
    storage.server.cluster.checks.appended(storage.server, own);
  }

  @Override
  public void cutAfter(long seq) {
    if (seq < applied) {
      throw new IllegalStateException("cut after " + seq + ", applied is " + applied);
    }
    dropAfter(seq);
  }

  private void dropAfter(long seq) {
    while (lastSeq() > seq) {
      log.remove(log.size() - 1);
    }
  }

  @Override
  public long durableSeq() {
    int count = log.size();
    while (count > 0 && log.get(count - 1).position >= storage.disk.synced) {
      count--;
    }
    return baseSeq + count;
  }

  @Override
  public void retainAfter(long seq) {}

  // ---- store

  @Override
  public long appliedSeq() {
    return applied;
  }

  @Override
  public void applyNext() {
    Entry entry = entry(applied + 1);
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

  /** Puts what is applied into the flushed part; nothing of it changes until the flusher has done so. */
  void flush(boolean letLogGo) {
    if (mark != Mark.COMPLETE || applied == storage.disk.flushed(shard).seq) {
      return;
    }
    int ofLife = life;
    long seq = applied;
    long epoch = epochAt(applied);
    long time = appliedTime;
    var image = new HashMap<>(values);
    storage.flusher(() -> {
      if (ofLife != life) {
        return;
      }
      Predicate<Bytes> forgotten = StoredValues.forgotten(image);
      image.keySet().removeIf(forgotten);
      values.keySet().removeIf(forgotten);
      SimDisk.Flushed flushed = storage.disk.flushed(shard);
      flushed.epoch = epoch;
      flushed.seq = seq;
      flushed.time = time;
      flushed.values = image;
      if (letLogGo) {
        letGo(seq, epoch, time);
      }
    });
  }

  private void letGo(long seq, long epoch, long time) {
    int count = (int) (seq - baseSeq);
    if (count > 0) {
      log.subList(0, count).clear();
      baseSeq = seq;
      baseEpoch = epoch;
      baseTime = time;
      warm.clear();
    }
  }

  // ---- copies

  private void reset(Mark to, long id) {
    life++;
    mark = to;
    copyId = id;
    log.clear();
    values = new HashMap<>();
    warm.clear();
    baseSeq = 0;
    baseEpoch = 0;
    baseTime = 0;
    applied = 0;
    appliedTime = 0;
  }

  private void record(Mark to, boolean values, Runnable then) {
    int ofLife = life;
    int voidBefore = storage.disk.log.size();
    long epoch = baseEpoch;
    long seq = baseSeq;
    long time = baseTime;
    long id = copyId;
    var image = values ? new HashMap<>(this.values) : new HashMap<Bytes, Value>();
    storage.flusher(() -> {
      SimDisk.Flushed flushed = storage.disk.flushed(shard);
      flushed.mark = to;
      flushed.copyId = id;
      flushed.epoch = epoch;
      flushed.seq = seq;
      flushed.time = time;
      flushed.values = image;
      flushed.voidBefore = voidBefore;
      if (ofLife == life) {
        then.run();
      }
    });
  }

  @Override
  public void createEmpty(Runnable durable) {
    reset(Mark.ABSENT, 0);
    record(Mark.COMPLETE, false, () -> {
      mark = Mark.COMPLETE;
      durable.run();
    });
  }

  @Override
  public void beginCopy(long id) {
    reset(Mark.COPYING, id);
    record(Mark.COPYING, false, () -> {});
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
      baseEpoch = epoch;
      baseSeq = seq;
      baseTime = time;
      applied = seq;
      appliedTime = time;
      record(Mark.COMPLETE, true, () -> {
        mark = Mark.COMPLETE;
        durable.run();
      });
    });
  }

  @Override
  public void wipe(Runnable durable) {
    reset(Mark.ABSENT, 0);
    record(Mark.ABSENT, false, durable);
  }

  @Override
  public void openCopy(Consumer<CopyReader> opened) {
    flush(false);
    int ofLife = life;
    storage.flusher(() -> {
      if (ofLife == life) {
        opened.accept(new SimCopy(storage, storage.disk.flushed(shard)));
      }
    });
  }
}
