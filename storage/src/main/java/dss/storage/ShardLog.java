package dss.storage;

import dss.core.entry.Entry;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one shard in the log: where they lie, which are durable, which files they need. Loop only. What is public
 * does as the method of {@link dss.core.storage.ShardStorage} of its name.
 */
public final class ShardLog {
  private static final long UNKNOWN_EPOCH = -1;

  private final Log log;
  private final FetchedEntries fetched;
  private final int shard;
  private final SeqIndex index = new SeqIndex();
  /** What the store had when this began. */
  private long settled;
  private long lastTime;
  private long durable;
  private long retainAfter = Long.MAX_VALUE;
  /** While recovering: an entry was seen that others may follow. */
  private boolean recovering;
  /** While recovering: an entry that does not follow the others was seen, and none since that does. */
  private long dangling;

  ShardLog(Log log, FetchedEntries fetched, int shard) {
    this.log = log;
    this.fetched = fetched;
    this.shard = shard;
  }

  /** No entries, behind that position of the store. */
  public void settle(long epoch, long seq, long time) {
    index.reset(seq, epoch);
    settled = seq;
    lastTime = time;
    durable = seq;
  }

  /**
   * Entries in log order; those that the record voids were left out. Each replaces all at its seq and above, those at
   * or below the flushed position too: they may have cut what lies above it. Whether it is alive so far.
   */
  boolean recover(Entry entry, long place) {
    long seq = entry.seq();
    if (!recovering && seq <= settled + 1 || recovering && seq <= baseSeq()) {
      recovering = true;
      index.reset(seq - 1, UNKNOWN_EPOCH);
    } else if (recovering && seq <= lastSeq()) {
      if (index.epochAt(seq) == entry.epoch()) {
        return false;
      }
      index.cutAfter(seq - 1);
    }
    if (!recovering || seq != lastSeq() + 1) {
      // Was cut later on, by an entry that is still to come; its predecessors' file has left.
      dangling = seq;
      return false;
    }
    dangling = 0;
    index.append(entry.epoch(), place);
    lastTime = entry.time();
    return seq > settled;
  }

  /** All of the log was seen; the record is the one that this was made with. */
  void recovered(ShardRecord record) {
    if (dangling != 0) {
      throw new StorageException(
          "the log has entry " + dangling + " of shard " + shard + ", but nothing between "
              + lastSeq()
              + " and it: a log file is missing. Put the data directory aside and start with an empty one:"
              + " the other copies fill it");
    }
    if (!recovering || lastSeq() <= settled) {
      settle(record.epoch(), record.seq(), record.time());
      return;
    }
    if (settled > baseSeq() && index.epochAt(settled) != record.epoch()) {
      throw new StorageException("shard " + shard + " is flushed up to entry " + record.epoch() + "/"
          + settled
          + ", but the log has it as " + index.epochAt(settled) + "/" + settled
          + ": log and store do not belong"
          + " together. Put the data directory aside and start with an empty one: the other copies fill it");
    }
    index.startAfter(settled, record.epoch());
    durable = lastSeq();
  }

  public long lastSeq() {
    return index.lastSeq();
  }

  public long lastEpoch() {
    return index.lastEpoch();
  }

  public long lastTime() {
    return lastTime;
  }

  public long baseSeq() {
    return index.baseSeq();
  }

  public long epochAt(long seq) {
    return index.epochAt(seq);
  }

  long placeAt(long seq) {
    return index.placeAt(seq);
  }

  @Nullable
  public Entry entry(long seq) {
    long place = index.placeAt(seq);
    Segment segment = log.table().of(place);
    return segment.inMemory()
        ? Entry.at(segment.memory, Place.offset(place))
        : fetched.find(shard, seq, index.epochAt(seq));
  }

  /** An entry that cannot have left the memory. */
  public Entry inMemory(long seq) {
    Entry entry = entry(seq);
    if (entry == null) {
      throw new IllegalStateException("shard " + shard + ": entry " + seq + " left the memory too early");
    }
    return entry;
  }

  /** What a fetch from there shall read, on another thread. */
  List<FetchedEntries.Wanted> planFetch(long fromSeq) {
    return FetchedEntries.plan(log.table(), index, Math.max(fromSeq, baseSeq() + 1));
  }

  void fetched(List<Entry> entries) {
    fetched.keep(shard, entries.isEmpty() ? 0 : entries.getFirst().seq(), entries);
  }

  public void append(Entry entry) {
    index.append(entry.epoch(), log.append(entry));
    lastTime = entry.time();
  }

  /** @param time of the entry that is the last then */
  public void cutAfter(long seq, long time) {
    lastTime = time;
    index.cutAfter(seq);
    durable = Math.min(durable, seq);
    fetched.forget(shard);
  }

  public long durableSeq() {
    // An entry once found durable stays so, even if it is written again further on.
    long last = index.lastSeq();
    while (durable < last && log.isSynced(index.placeAt(durable + 1))) {
      durable++;
    }
    return durable;
  }

  public void retainAfter(long seq) {
    retainAfter = seq;
  }

  /** The oldest segment that a copy behind needs. */
  long retainedSegment() {
    if (retainAfter >= lastSeq() || retainAfter < baseSeq()) {
      return Long.MAX_VALUE;
    }
    return Place.segment(index.placeAt(retainAfter + 1));
  }

  /** The files up to that segment leave. */
  void dropThrough(long segment) {
    index.dropThrough(segment);
  }

  /** Adds the segments up to {@code through} that hold entries above a seq. */
  void segmentsAbove(long seq, long through, Set<Long> to) {
    for (long at = seq + 1; at <= lastSeq(); at++) {
      long segment = Place.segment(index.placeAt(at));
      if (segment > through) {
        break;
      }
      to.add(segment);
    }
  }

  /**
   * Appends the entries above a seq again, all of them, if some lie at or before that segment and they fit into the
   * budget; returns their bytes.
   */
  long moveAbove(long seq, long through, long budget) {
    if (seq == lastSeq() || Place.segment(index.placeAt(seq + 1)) > through) {
      return 0;
    }
    long bytes = 0;
    for (long at = seq + 1; at <= lastSeq(); at++) {
      bytes += inMemory(at).length();
    }
    if (bytes > budget) {
      return 0;
    }
    for (long at = seq + 1; at <= lastSeq(); at++) {
      index.moved(at, log.append(inMemory(at)));
    }
    return bytes;
  }
}
