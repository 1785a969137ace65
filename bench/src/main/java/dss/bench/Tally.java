package dss.bench;

import org.HdrHistogram.Histogram;

/** What one loop measures in one phase: nothing is allocated for an operation that goes well. Loop only. */
final class Tally {
  private static final long SECOND_NANOS = 1_000_000_000L;

  private final Totals totals;
  private final Counts counts = new Counts();
  private final Histogram[] latencies = Latencies.byKind();
  private final long begin;
  private int second;
  private long secondEnds;
  private long secondErrors;
  private long secondGap;
  private long lastReply;

  /** From the phase's begin on, by the clock that is passed in later. */
  Tally(Totals totals, long begin) {
    this.totals = totals;
    this.begin = begin;
    this.secondEnds = begin + SECOND_NANOS;
    this.lastReply = begin;
  }

  Counts counts() {
    return counts;
  }

  /** An operation that was to be sent at {@code start} has its reply. */
  void done(Kind kind, long start, long now) {
    reply(now);
    Latencies.record(latencies[kind.ordinal()], now - start);
  }

  void absent(Kind kind) {
    counts.absentByKind[kind.ordinal()]++;
  }

  /** An operation has come to nothing. */
  void failed(Kind kind, String word, String line, long now) {
    reply(now);
    secondErrors++;
    counts.failed(kind, word, line);
  }

  private void reply(long now) {
    if (now - secondEnds >= 0) {
      roll(now);
    }
    secondGap = Math.max(secondGap, now - lastReply);
    lastReply = now;
  }

  /** Closes the seconds that are over. */
  void roll(long now) {
    while (now - secondEnds >= 0) {
      closeSecond(secondEnds, true);
      second++;
      secondEnds = begin + (second + 1) * SECOND_NANOS;
    }
  }

  private void closeSecond(long end, boolean whole) {
    totals.close(second, latencies, secondErrors, Math.max(secondGap, end - lastReply), whole);
    secondErrors = 0;
    secondGap = 0;
    for (Histogram one : latencies) {
      if (one.getTotalCount() > 0) {
        one.reset();
      }
    }
  }

  /** When the last reply came, the phase's begin where none has. */
  long lastReply() {
    return lastReply;
  }

  /** The phase is over for this loop. */
  void end(long now) {
    roll(now);
    closeSecond(now, false);
  }
}
