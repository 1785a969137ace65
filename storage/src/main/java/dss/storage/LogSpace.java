package dss.storage;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What of the log may go, from memory and from the disk, once more of it is in the store. Loop only.
 * Source: docs/formats.md (Log).
 */
final class LogSpace {
  /** A segment that still holds something unapplied after so many flushes has that moved. */
  private static final int SURVIVES = 2;

  /** A shard with entries in the log. */
  interface Keeper {
    ShardLog entries();

    /** Up to here its effects are in the store. */
    long flushedSeq();

    long appliedSeq();

    /** Nothing is read any more from segments up to this one. */
    default void forgetRecent(long segment) {}
  }

  private final Log log;
  /** Bytes that may be appended again at a time. */
  private final long moveBytes;
  private final long recentBytes;
  private final Consumer<Segment> gone;

  /**
   * @param recentBytes memory of segments, those that are needed included, up to which others are kept as a cache
   * @param gone takes files that have left the log, the oldest first
   */
  LogSpace(Log log, long moveBytes, long recentBytes, Consumer<Segment> gone) {
    this.log = log;
    this.moveBytes = moveBytes;
    this.recentBytes = recentBytes;
    this.gone = gone;
  }

  /** A flush is done of all that was applied when {@code through} was the current segment. Whether something was moved. */
  boolean letMemoryGo(Iterable<? extends Keeper> keepers, long through) {
    Set<Long> needed = new HashSet<>();
    for (Keeper keeper : keepers) {
      keeper.entries().segmentsAbove(keeper.flushedSeq(), through, needed);
    }
    long moveThrough = -1;
    for (Segment segment : log.live()) {
      if (segment.number > through || !segment.inMemory() || segment.recent) {
        continue;
      }
      if (!needed.contains(segment.number)) {
        log.keepRecent(segment);
      } else if (++segment.flushesSurvived >= SURVIVES && segment.number < log.currentSegment()) {
        moveThrough = segment.number;
      }
    }
    trimRecent(keepers);
    if (moveThrough >= 0) {
      move(keepers, moveThrough);
    }
    return moveThrough >= 0;
  }

  /** What is flushed is read from the log's memory only where that is not needed for anything else. */
  void trimRecent(Iterable<? extends Keeper> keepers) {
    Segment oldest = log.oldestRecent();
    while (oldest != null && log.memoryBytes() + log.recentBytes() > recentBytes) {
      for (Keeper keeper : keepers) {
        keeper.forgetRecent(oldest.number);
      }
      log.letGo(oldest);
      oldest = log.oldestRecent();
    }
  }

  /**
   * What cannot be applied for long (a copy that it must reach is away) would hold its whole segment: it is appended
   * again, further on. Recovery knows it by its epoch and seq.
   */
  private void move(Iterable<? extends Keeper> keepers, long through) {
    long budget = moveBytes;
    for (Keeper keeper : keepers) {
      budget -= keeper.entries().moveAbove(keeper.appliedSeq(), through, budget);
    }
  }

  void letFilesGo(Iterable<? extends Keeper> keepers) {
    long needed = Long.MAX_VALUE;
    for (Keeper keeper : keepers) {
      needed = Math.min(needed, keeper.entries().retainedSegment());
    }
    for (var oldest = log.dropOldest(needed); oldest.isPresent(); oldest = log.dropOldest(needed)) {
      Segment segment = oldest.get();
      for (Keeper keeper : keepers) {
        keeper.entries().dropThrough(segment.number);
      }
      gone.accept(segment);
    }
  }
}
