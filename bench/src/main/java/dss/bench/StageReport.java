package dss.bench;

import org.HdrHistogram.Histogram;

/**
 * What came of one stage of a run.
 *
 * @param seconds whole ones that belong to it
 * @param worst operations of its worst second
 * @param gapMs the longest time in which not one reply came
 */
public record StageReport(String name, int seconds, double opsPerSecond, double p50Ms, double p99Ms,
    double p999Ms,
    double maxMs, long worst, double gapMs, long errors) {
  /** Adds up the seconds of a stage. */
  static final class Sum {
    private final Histogram latencies = Latencies.create();
    private int seconds;
    private long ofWhole;
    private long worst = Long.MAX_VALUE;
    private long gapNanos;
    private long errors;

    /** @param whole false for the piece of a second in which the run has ended: it has no rate */
    void second(Histogram latenciesOfIt, long errorsOfIt, long gapOfIt, boolean whole) {
      latencies.add(latenciesOfIt);
      if (whole) {
        seconds++;
        ofWhole += latenciesOfIt.getTotalCount();
        worst = Math.min(worst, latenciesOfIt.getTotalCount());
      }
      gapNanos = Math.max(gapNanos, gapOfIt);
      errors += errorsOfIt;
    }

    StageReport report(String name) {
      return new StageReport(name, seconds, seconds == 0 ? 0 : (double) ofWhole / seconds,
          Latencies.percentileMs(latencies, 50), Latencies.percentileMs(latencies, 99),
          Latencies.percentileMs(latencies, 99.9), Latencies.maxMs(latencies), seconds == 0 ? 0 : worst,
          Latencies.ms(gapNanos),
          errors);
    }
  }
}
