package dss.storage;

import dss.core.entry.Entry;
import dss.core.entry.EntryCheck;
import dss.storage.LogFiles.LogFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log after a start. Blocks form one row of positions without a gap, across segments; where it breaks off
 * is the torn tail, if no block anywhere says that more was on disk, and corruption otherwise. The tail is cut
 * durably before this returns: the broken block's header is erased, later segments are deleted, and what is left is
 * synced, because it counts as durable from now on. Source: docs/formats.md (Log, Recovery).
 */
final class LogRecovery {
  /** Takes entries in log order. */
  interface Sink {
    /** Whether the entry belongs to what is alive. */
    boolean take(Entry entry, long place, long position);
  }

  /**
   * @param segments oldest first, those with something alive in memory
   * @param end log position where the log goes on
   * @param nextNumber above every number seen
   * @param spares preallocated files that may be used
   */
  record Result(List<Segment> segments, long end, long nextNumber, List<String> spares) {}

  private static final String WHAT_TO_DO = ". Put the data directory aside and start with an empty one: the other"
      + " copies fill it. Where this server holds the only copy, restore a backup";

  private final LogFiles files;
  private final int segmentBytes;
  private final Sink sink;
  private final List<Segment> segments = new ArrayList<>();
  private final List<String> spares = new ArrayList<>();
  private final List<String> behind = new ArrayList<>();
  private boolean begun;
  private long end;
  private long synced;
  private long highest;
  /** Where the row broke off last: file and offset, and the offset of it in that segment. */
  private @Nullable String brokenFile;
  private int brokenAt;
  private boolean broken;

  private LogRecovery(LogFiles files, int segmentBytes, Sink sink) {
    this.files = files;
    this.segmentBytes = segmentBytes;
    this.sink = sink;
  }

  static Result run(LogFiles files, int segmentBytes, Sink sink) {
    var recovery = new LogRecovery(files, segmentBytes, sink);
    try {
      return recovery.run();
    } catch (IOException e) {
      throw new StorageException(
          "the log cannot be read: " + e.getMessage() + ". Check the disk and the rights", e);
    }
  }

  private Result run() throws IOException {
    for (String name : files.list()) {
      if (name.startsWith("segment-") && name.endsWith(".log")) {
        segment(name);
      } else if (name.startsWith("spare-")) {
        spare(name);
      }
    }
    if (end < synced) {
      throw new StorageException("log file " + brokenFile + " is damaged at offset " + brokenAt
          + ": the log breaks off at position " + end + ", but up to " + synced + " it was on disk"
          + WHAT_TO_DO);
    }
    cut();
    return new Result(segments, end, highest + 1, spares);
  }

  private void spare(String name) throws IOException {
    try (LogFile file = files.open(name)) {
      if (file.size() == segmentBytes) {
        spares.add(name);
        return;
      }
    }
    files.delete(name);
  }

  private static long number(String name) {
    try {
      return Long.parseLong(name.substring("segment-".length(), name.length() - ".log".length()));
    } catch (NumberFormatException e) {
      throw new StorageException("log file " + name + " is not one of this program: remove it", e);
    }
  }

  private void segment(String name) throws IOException {
    long number = number(name);
    highest = Math.max(highest, number);
    LogFile file = files.open(name);
    long size = file.size();
    if (size > Place.MAX_OFFSET) {
      throw new StorageException("log file " + name + " has " + size + " bytes, at most " + Place.MAX_OFFSET);
    }
    byte[] memory = new byte[(int) size];
    int length = file.read(0, memory, 0, memory.length);
    checkFormat(name, memory, length);
    boolean goesOn = !broken && BlockFormat.isBlock(memory, 0, length, number)
        && (!begun || BlockFormat.position(memory, 0) == end);
    if (goesOn) {
      var segment = new Segment(number, BlockFormat.position(memory, 0), memory, memory.length);
      segment.file = file;
      segments.add(segment);
      row(segment, length);
    } else {
      if (!broken && (brokenFile == null || !hasBlocksBehind(brokenAt))) {
        breakAt(name, 0);
      }
      broken = true;
      behind.add(name);
      file.close();
      laterBlocks(memory, 0, length, number);
    }
  }

  /** Where the last segment ended may be its end, or a block that was destroyed: blocks behind it tell. */
  private boolean hasBlocksBehind(int at) {
    Segment last = segments.isEmpty() ? null : segments.getLast();
    if (last == null) {
      return false;
    }
    for (int i = at; i + BlockFormat.HEADER <= last.memory.length; i += 8) {
      if (BlockFormat.isBlock(last.memory, i, last.memory.length, last.number)
          && BlockFormat.position(last.memory, i) == last.base + i) {
        return true;
      }
    }
    return false;
  }

  private void breakAt(String name, int at) {
    brokenFile = name;
    brokenAt = at;
  }

  private void row(Segment segment, int length) {
    byte[] memory = segment.memory;
    boolean alive = false;
    begun = true;
    int at = 0;
    while (BlockFormat.isBlock(memory, at, length, segment.number)
        && BlockFormat.position(memory, at) == segment.base + at) {
      synced = Math.max(synced, BlockFormat.synced(memory, at));
      int next = at + BlockFormat.length(memory, at);
      alive |= entries(segment, at, next);
      at = next;
    }
    segment.used = at;
    end = segment.end();
    breakAt(segment.fileName(), at);
    laterBlocks(memory, at, length, segment.number);
    // Kept until the next segment says whether this one ended here.
    if (segments.size() > 1) {
      drop(segments.get(segments.size() - 2));
    }
    segment.goneAt = alive ? 1 : 0;
  }

  /** Only what is alive is needed in memory. */
  private static void drop(Segment segment) {
    if (segment.goneAt == 0) {
      segment.letGo();
    }
  }

  /** A file begins with a block of one format; of another one nothing can be said, not even where it is torn. */
  private static void checkFormat(String name, byte[] memory, int length) {
    if (length < BlockFormat.HEADER || !BlockFormat.hasMagic(memory, 0)) {
      return;
    }
    int format = BlockFormat.format(memory, 0);
    if (format != BlockFormat.FORMAT) {
      throw new StorageException(
          "log file " + name + " has format " + format + " at offset 0, this program reads"
              + " format " + BlockFormat.FORMAT + ": start a newer program");
    }
  }

  private boolean entries(Segment segment, int blockAt, int blockEnd) {
    boolean alive = false;
    int at = blockAt + BlockFormat.HEADER;
    while (at < blockEnd) {
      String fault = EntryCheck.fault(segment.memory, at, blockEnd);
      if (fault != null) {
        throw new StorageException("log file " + segment.fileName() + " holds " + fault + " at offset " + at
            + " in a block that is whole" + WHAT_TO_DO);
      }
      Entry entry = Entry.at(segment.memory, at);
      alive |= sink.take(entry, Place.of(segment.number, at), segment.base + at);
      at += entry.length();
    }
    return alive;
  }

  /** Blocks behind the break count no more, but they know what was on disk. */
  private void laterBlocks(byte[] memory, int from, int length, long number) {
    int at = from;
    while (at + BlockFormat.HEADER <= length) {
      if (BlockFormat.isBlock(memory, at, length, number)) {
        synced = Math.max(synced, BlockFormat.synced(memory, at));
        at += BlockFormat.length(memory, at);
      } else {
        at += 8;
      }
    }
  }

  private void cut() throws IOException {
    if (!segments.isEmpty()) {
      Segment last = segments.getLast();
      LogFile file = java.util.Objects.requireNonNull(last.file);
      int room = Math.min(BlockFormat.HEADER, last.capacity - last.used);
      if (room > 0) {
        file.write(last.used, new byte[room], 0, room);
      }
      drop(last);
    }
    for (String name : behind.reversed()) {
      files.delete(name);
    }
    for (Segment segment : segments) {
      if (segment.end() > synced) {
        java.util.Objects.requireNonNull(segment.file).sync();
      }
    }
    if (!segments.isEmpty()) {
      java.util.Objects.requireNonNull(segments.getLast().file).sync();
    }
    files.syncDirectory();
    for (Segment segment : segments) {
      segment.goneAt = 0;
    }
  }
}
