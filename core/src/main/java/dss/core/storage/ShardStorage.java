package dss.core.storage;

import dss.core.entry.Entry;
import dss.protocol.Bytes;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One copy on this server's disk: its mark, its log and what was applied of it.
 *
 * <p>All methods are called on the loop that owns the shard, never block on a disk, and all callbacks come
 * back on that loop, later, never from inside the call. A callback of work that a {@link #wipe}, a
 * {@link #beginCopy} or a restart has overtaken never comes.
 *
 * <p>Order: {@code baseSeq <= appliedSeq <= durableSeq <= lastSeq}, and what is applied stays.
 * Source: docs/formats.md (Log, Store) and docs/replication.md (State).
 */
public interface ShardStorage {
  int shard();

  Mark mark();

  /** The id of the copy that {@link #mark()} speaks of; 0 where none was ever made here. */
  long copyId();

  // ---- the log

  /** Seq of the last entry, or of the flushed position where the log has none behind it. */
  long lastSeq();

  /** Epoch of the entry at {@link #lastSeq()}; 0 at seq 0. */
  long lastEpoch();

  /** Hybrid time of the entry at {@link #lastSeq()}, microseconds; 0 at seq 0. */
  long lastTime();

  /** Entries above this seq can be read; of this seq itself only the epoch is known. */
  long baseSeq();

  /** The epoch of the entry at a seq in {@code baseSeq..lastSeq}. */
  long epochAt(long seq);

  /**
   * The entry at a seq in {@code baseSeq+1..lastSeq}, valid until the current turn of the loop ends; null where
   * it must be read from a file first: then {@link #fetch} it and try again.
   */
  @Nullable
  Entry entry(long seq);

  /** Brings entries from {@code fromSeq} on (some 256 KiB) back into memory; then calls {@code done}. */
  void fetch(long fromSeq, Runnable done);

  /** Appends a copy of the entry; its seq is {@code lastSeq + 1}. Durable once {@link #durableSeq()} says so. */
  void append(Entry entry);

  /** Forgets every entry above {@code seq}, which is not below {@link #appliedSeq()}: an IllegalStateException else. */
  void cutAfter(long seq);

  /** The highest seq up to which every entry that is now in the log is on disk. Changes before a {@code synced}. */
  long durableSeq();

  /** Entries above this seq may still be needed for a copy that is behind; {@link Long#MAX_VALUE}: none. */
  void retainAfter(long seq);

  // ---- what is applied

  long appliedSeq();

  /** Makes the entry at {@code appliedSeq + 1} visible to {@link #get}; it is in the log and durable. */
  void applyNext();

  /** Hybrid time of the last entry applied, microseconds; 0 before the first. */
  long appliedTime();

  /**
   * What is applied under a key, or of a request id.
   *
   * @param kind {@code Effect.HEADER}, or {@code Effect.OUTCOMES} with a request id as the key
   * @return the value, {@link Value#ABSENT}, or {@link Value#COLD}
   */
  Value get(int kind, int slot, Bytes key);

  /** Fetches a cold key from the disk, off the loop; the next {@link #get} of it, right in {@code done}, is not cold. */
  void warm(int kind, int slot, Bytes key, Runnable done);

  /**
   * Keys of this shard as applied at some moment after the call, those past their time included; 0 where the copy was dropped
   * meanwhile.
   */
  void countKeys(LongConsumer done);

  /** Up to {@code limit} user keys of one slot, in store order; none where the copy was dropped meanwhile. */
  void keysInSlot(int slot, int limit, Consumer<List<Bytes>> done);

  /** Bytes on disk and in memory that this copy takes, roughly. */
  long bytes();

  // ---- making, copying and dropping a copy

  /** A complete, empty copy at (0, 0) where there is none; {@code durable} once it survives a crash. */
  void createEmpty(Runnable durable);

  /** Drops whatever is here and marks {@code COPYING}; the log is empty at (0, 0) until {@link #finishCopy}. */
  void beginCopy(long copyId);

  /** Takes in one chunk of {@link CopyReader}; {@code done} when the next one may come. */
  void copyChunk(byte[] chunk, Runnable done);

  /** The copy is whole: mark, position and copy id; {@code durable} once all of it survives a crash. */
  void finishCopy(long epoch, long seq, long time, Runnable durable);

  /** Drops the copy and gives its disk back: mark {@code ABSENT}, at once in memory. */
  void wipe(Runnable durable);

  /** Opens what is flushed for a copy (a flush is forced first, so that it is recent). */
  void openCopy(Consumer<CopyReader> opened);
}
