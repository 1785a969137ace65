package dss.storage;

import dss.core.entry.Effect;
import dss.core.entry.Entry;
import dss.core.storage.CopyReader;
import dss.core.storage.Mark;
import dss.core.storage.ShardStorage;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import dss.storage.CopyOpening.CopyRequest;
import dss.storage.FlushJob.Part;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** One copy: where its entries lie, what of it is applied and not flushed, what the store has. Loop only. */
final class DiskShard implements ShardStorage, LogSpace.Keeper {
  private final DiskStorage storage;
  private final Log log;
  private final int shard;
  private final ShardLog entries;
  /** Raised by what overtakes callbacks. */
  private int life;
  private Mark mark;
  private long copyId;
  private long applied;
  private long appliedTime;
  private long flushed;
  private long storeBytes;
  private long memoryBytes;
  private final Unflushed unflushed;
  private final ShardReads reads;

  DiskShard(DiskStorage storage, Log log, int shard, ShardRecord record) {
    this.storage = storage;
    this.log = log;
    this.shard = shard;
    this.unflushed = new Unflushed(log.table(), storage.tables(), storage.settings().recentBytes() > 0);
    this.reads = new ShardReads(storage, log, this, unflushed);
    this.entries = new ShardLog(log, storage.fetched(), shard);
    this.mark = record.mark();
    this.copyId = record.copyId();
    settle(record.epoch(), record.seq(), record.time());
  }

  /** Nothing but what the store has, up to that position. */
  private void settle(long epoch, long seq, long time) {
    entries.settle(epoch, seq, time);
    applied = seq;
    appliedTime = time;
    flushed = seq;
  }

  /** Of a copy that is not complete the log is worth nothing. Whether the entry is alive so far. */
  boolean recover(Entry entry, long place) {
    return mark == Mark.COMPLETE && entries.recover(entry, place);
  }

  // ---- the log

  /** Where its entries lie. */
  @Override
  public ShardLog entries() {
    return entries;
  }

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
    var plan = entries.planFetch(fromSeq);
    storage.read("reading the log", () -> {
      List<Entry> fetched = FetchedEntries.read(shard, plan);
      storage.onLoop(() -> {
        if (ofLife == life) {
          entries.fetched(fetched);
          done.run();
        }
      });
    });
  }

  @Override
  public void append(Entry entry) {
    if (entry.seq() != lastSeq() + 1 || entry.shard() != shard || mark != Mark.COMPLETE) {
      throw new IllegalStateException("append of " + entry + " behind " + lastSeq() + " of shard " + shard
          + ", which is " + mark);
    }
    entries.append(entry);
    memoryBytes += entry.length();
    storage.memtable().appended();
  }

  @Override
  public void cutAfter(long seq) {
    if (seq < applied) {
      throw new IllegalStateException("cut after " + seq + ", applied is " + applied);
    }
    if (seq < lastSeq()) {
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

  // ---- what is applied

  @Override
  public long appliedSeq() {
    return applied;
  }

  @Override
  public long appliedTime() {
    return appliedTime;
  }

  @Override
  public void applyNext() {
    long place = entries.placeAt(applied + 1);
    byte[] array = log.table().memory(place);
    Entry entry = Entry.at(array, Place.offset(place));
    applied++;
    appliedTime = entry.time();
    int at = entry.firstEffect();
    for (int i = entry.effects(); i > 0; i--) {
      if (Entry.effectOp(array, at) == Effect.CLEAR) {
        clear();
      } else {
        unflushed.put(array, at, place + ((at - entry.offset()) >>> 3));
        storage.warmed().remove(shard, array, at);
      }
      at = entry.nextEffect(at);
    }
    storage.memtable().applied(entry.length());
  }

  private void clear() {
    unflushed.clear();
    storage.warmed().removeShard(shard);
  }

  @Override
  public Value get(int kind, int slot, Bytes key) {
    return reads.get(kind, slot, key);
  }

  @Override
  public void warm(int kind, int slot, Bytes key, Runnable done) {
    storage.warming().warm(this, kind, slot, key, done);
  }

  ShardReads reads() {
    return reads;
  }

  @Override
  public void forgetRecent(long segment) {
    unflushed.forgetRecent(segment);
  }

  int life() {
    return life;
  }

  @Override
  public long flushedSeq() {
    return flushed;
  }

  @Override
  public void countKeys(LongConsumer done) {
    reads.countKeys(done);
  }

  @Override
  public void keysInSlot(int slot, int limit, Consumer<List<Bytes>> done) {
    reads.keysInSlot(slot, limit, done);
  }

  @Override
  public long bytes() {
    return storeBytes + memoryBytes;
  }

  void storeBytes(long bytes) {
    storeBytes = bytes;
  }

  // ---- flushing

  /** Of entries that are in the log's memory for this shard's sake. */
  long unflushedBytes() {
    return memoryBytes;
  }

  /** What is applied becomes sealed; null where nothing was since the last time. */
  @Nullable
  Part seal() {
    if (applied == flushed || mark != Mark.COMPLETE) {
      return null;
    }
    unflushed.seal();
    return new Part(this, life, unflushed.sealed(), unflushed.sealedCleared(), entries.epochAt(applied),
        applied,
        appliedTime, memoryBytes);
  }

  void flushed(Part part, ShardRecord record) {
    if (part.life() == life) {
      flushed = record.seq();
      unflushed.flushed();
      memoryBytes -= part.memoryBytes();
    }
  }

  // ---- making, copying and dropping a copy

  private void reset(Mark to, long id) {
    life++;
    mark = to;
    copyId = id;
    settle(0, 0, 0);
    memoryBytes = 0;
    storeBytes = 0;
    entries.retainAfter(Long.MAX_VALUE);
    unflushed.reset();
    storage.warmed().removeShard(shard);
    storage.fetched().forget(shard);
  }

  private void write(Mark to, Runnable durable) {
    int ofLife = life;
    var record = new ShardRecord(to, copyId, 0, 0, 0, log.position(), 0);
    storage.flusher().execute(new RecordWrite(shard, record, () -> storage.onLoop(() -> {
      if (ofLife == life) {
        durable.run();
      }
    })));
  }

  @Override
  public void createEmpty(Runnable durable) {
    reset(Mark.ABSENT, 0);
    write(Mark.COMPLETE, () -> {
      mark = Mark.COMPLETE;
      durable.run();
    });
  }

  @Override
  public void beginCopy(long id) {
    reset(Mark.COPYING, id);
    write(Mark.COPYING, () -> {});
  }

  @Override
  public void copyChunk(byte[] chunk, Runnable done) {
    int ofLife = life;
    storage.flusher().execute(new CopiesIn.Chunk(shard, chunk, () -> storage.onLoop(() -> {
      if (ofLife == life) {
        done.run();
      }
    })));
  }

  @Override
  public void finishCopy(long epoch, long seq, long time, Runnable durable) {
    int ofLife = life;
    var record = new ShardRecord(Mark.COMPLETE, copyId, epoch, seq, time, log.position(), 0);
    storage.flusher().execute(new CopiesIn.End(shard, record, () -> storage.onLoop(() -> {
      if (ofLife == life) {
        settle(epoch, seq, time);
        mark = Mark.COMPLETE;
        durable.run();
      }
    })));
  }

  @Override
  public void wipe(Runnable durable) {
    reset(Mark.ABSENT, 0);
    write(Mark.ABSENT, durable);
    storage.upkeep().reclaim(shard);
  }

  @Override
  public void openCopy(Consumer<CopyReader> opened) {
    int ofLife = life;
    storage.memtable().openCopy(new CopyRequest(this, life, frozen -> {
      CopyOutReader reader = storage.copyOut(frozen);
      if (ofLife == life) {
        opened.accept(reader);
      } else {
        reader.close();
      }
    }));
  }
}
