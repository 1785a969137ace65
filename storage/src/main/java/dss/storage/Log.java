package dss.storage;

import dss.core.entry.Entry;
import dss.storage.Batch.Block;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The loop's side of the log: entries go into the open block of the current segment's memory, {@link #sync} hands
 * the closed blocks to the {@link LogWriter}. Files leave in order, the oldest first, so that whatever replaced an
 * older entry stays as long as that entry's file. Loop only. Source: docs/formats.md (Log).
 */
final class Log {
  private final StorageSettings settings;
  private final Viewers viewers = new Viewers();
  private final SegmentPool pool;
  private final SegmentTable table = new SegmentTable();
  private final ArrayDeque<Segment> live = new ArrayDeque<>();
  private Consumer<Batch> writer = batch -> {
    throw new IllegalStateException("the log is not open");
  };
  private Segment current;
  /** Where the next byte goes in the current segment. */
  private int writeAt;
  /** Where the open block begins; -1: none is open. */
  private int blockFrom = -1;
  private List<Block> closed = new ArrayList<>();
  private long nextNumber;
  private long syncedPlace;
  private int inFlight;
  private long memoryBytes;
  private long recentBytes;
  private long fileBytes;
  private boolean rolled;

  Log(StorageSettings settings) {
    this.settings = settings;
    int keep = (int) Math.max(4, settings.memtableBytes() / settings.segmentBytes() / 4);
    this.pool = new SegmentPool(viewers, settings.segmentBytes(), keep);
    this.current = new Segment(0, 0, new byte[0], 0);
  }

  SegmentTable table() {
    return table;
  }

  /** Those who read entries off the loop, where they lie. */
  Viewers viewers() {
    return viewers;
  }

  /** Segments as recovered, oldest first; the log goes on behind them in a new one. */
  void begin(List<Segment> recovered, long end, long number, Consumer<Batch> to) {
    for (Segment segment : recovered) {
      adopt(segment);
    }
    writer = to;
    nextNumber = number;
    syncedPlace = Place.of(number, 0);
    // Nothing fits into it: the first append begins a segment.
    current = new Segment(number - 1, end, new byte[0], 0);
  }

  private void adopt(Segment segment) {
    table.add(segment);
    live.addLast(segment);
    memoryBytes += segment.memory.length;
    fileBytes += segment.capacity;
  }

  // ---- writing

  /** Copies the entry to the log's end; returns its place. */
  long append(Entry entry) {
    int length = entry.length();
    boolean large = length > settings.segmentBytes() / 4;
    int needed = length + (blockFrom < 0 ? BlockFormat.HEADER : 0);
    if (large || needed > current.memory.length - writeAt) {
      roll(large ? length + BlockFormat.HEADER : settings.segmentBytes());
    }
    if (blockFrom < 0) {
      blockFrom = writeAt;
      writeAt += BlockFormat.HEADER;
    }
    System.arraycopy(entry.array(), entry.offset(), current.memory, writeAt, length);
    long place = Place.of(current.number, writeAt);
    writeAt += length;
    return place;
  }

  private void roll(int bytes) {
    if (bytes > Place.MAX_OFFSET) {
      throw new IllegalArgumentException(
          "an entry of " + bytes + " bytes, a segment holds " + Place.MAX_OFFSET);
    }
    closeBlock();
    long end = current.end();
    trim(current);
    current = new Segment(nextNumber++, end, pool.take(bytes), bytes);
    adopt(current);
    writeAt = 0;
    rolled = true;
  }

  /** A segment left early for a large entry gives back the memory that it does not use. */
  private void trim(Segment left) {
    if (left.used > 0 && left.used < left.memory.length / 4) {
      memoryBytes -= left.memory.length - left.used;
      table.remove(left);
      left.memory = java.util.Arrays.copyOf(left.memory, left.used);
      table.add(left);
    }
  }

  private void closeBlock() {
    if (blockFrom >= 0) {
      closed.add(new Block(current, current.memory, blockFrom, writeAt));
      current.used = writeAt;
      blockFrom = -1;
    }
  }

  /** Hands what is closed to the log's thread as one batch; whether there was anything. */
  boolean sync() {
    closeBlock();
    if (closed.isEmpty()) {
      return false;
    }
    var batch = new Batch(closed, Place.of(current.number, writeAt), current.end());
    closed = new ArrayList<>();
    inFlight++;
    writer.accept(batch);
    return true;
  }

  boolean hasUnwritten() {
    return blockFrom >= 0 || !closed.isEmpty();
  }

  void durable(Batch batch) {
    syncedPlace = batch.endPlace();
    inFlight--;
  }

  int syncsInFlight() {
    return inFlight;
  }

  boolean isSynced(long place) {
    return place < syncedPlace;
  }

  /** Entries appended so far lie before this position, later ones not. */
  long position() {
    return current.base + writeAt;
  }

  /** The place behind everything appended so far. */
  long endPlace() {
    return Place.of(current.number, writeAt);
  }

  long currentSegment() {
    return current.number;
  }

  /** Whether a segment was begun since the last time this was asked. */
  boolean rolled() {
    boolean was = rolled;
    rolled = false;
    return was;
  }

  // ---- letting go

  /** Of segments in which something is needed. */
  long memoryBytes() {
    return memoryBytes;
  }

  /** Of segments that are kept as a cache. */
  long recentBytes() {
    return recentBytes;
  }

  long fileBytes() {
    return fileBytes;
  }

  int liveSegments() {
    return live.size();
  }

  Iterable<Segment> live() {
    return live;
  }

  /** Nothing in the segment is needed any more: what was flushed lately may still be read there until it is let go. */
  void keepRecent(Segment segment) {
    if (segment.inMemory() && !segment.recent && mayGo(segment)) {
      segment.recent = true;
      memoryBytes -= segment.memory.length;
      recentBytes += segment.memory.length;
    }
  }

  /** The oldest that is kept as a cache; null: none is. */
  @Nullable
  Segment oldestRecent() {
    for (Segment segment : live) {
      if (segment.recent) {
        return segment;
      }
    }
    return null;
  }

  private boolean mayGo(Segment segment) {
    if (segment == current) {
      if (segment.capacity == settings.segmentBytes()) {
        return false;
      }
      leave();
    }
    // Entries that were cut are needed by nobody, but their blocks are still to be written from this memory.
    return Place.of(segment.number, segment.used) <= syncedPlace;
  }

  /** Nothing in the segment is needed in memory any more; it stays until all of it is on disk. */
  void letGo(Segment segment) {
    if (!segment.inMemory() || !mayGo(segment)) {
      return;
    }
    if (segment.recent) {
      recentBytes -= segment.memory.length;
    } else {
      memoryBytes -= segment.memory.length;
    }
    table.letGo(segment);
    pool.give(segment.letGo());
    segment.goneAt = endPlace();
  }

  /** A large entry's segment is full: were it kept as the current one, it could fill the memtable for ever. */
  private void leave() {
    closeBlock();
    current = new Segment(nextNumber++, current.end(), new byte[0], 0);
    writeAt = 0;
  }

  /**
   * The oldest file, taken out of the log if it may go: nothing of it is in memory, what was appended until then is
   * durable, the next file begins on the disk, and it lies before {@code needed} or the log is larger than it may be.
   */
  java.util.Optional<Segment> dropOldest(long needed) {
    Segment oldest = live.peekFirst();
    if (oldest == null || oldest == current || oldest.inMemory() || oldest.goneAt > syncedPlace
        || !isNextOnDisk()) {
      return java.util.Optional.empty();
    }
    boolean wanted = oldest.number >= needed;
    if (fileBytes - memoryBytes <= (wanted ? settings.logRetainBytes() : settings.logHistoryBytes())) {
      return java.util.Optional.empty();
    }
    live.removeFirst();
    table.remove(oldest);
    fileBytes -= oldest.capacity;
    return java.util.Optional.of(oldest);
  }

  /**
   * Where the log's numbers and positions go on is known by its files alone. Were there none after a crash, they would
   * begin anew, and a file that is used again could show blocks of its earlier life as those of this one.
   */
  private boolean isNextOnDisk() {
    var files = live.iterator();
    files.next();
    return files.hasNext() && Place.of(files.next().number, 0) < syncedPlace;
  }
}
