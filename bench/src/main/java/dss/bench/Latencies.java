package dss.bench;

import java.util.Arrays;
import org.HdrHistogram.Histogram;

/** Histograms of nanoseconds, all of one shape: from a microsecond to an hour, to three digits. */
final class Latencies {
  private static final long LOWEST_NANOS = 1000;
  private static final long HIGHEST_NANOS = 3_600_000_000_000L;
  private static final int DIGITS = 3;
  private static final double NANOS_A_MS = 1e6;

  private Latencies() {}

  static Histogram create() {
    return new Histogram(LOWEST_NANOS, HIGHEST_NANOS, DIGITS);
  }

  /** One for each kind of operation. */
  static Histogram[] byKind() {
    var histograms = new Histogram[Kind.values().length];
    Arrays.setAll(histograms, i -> create());
    return histograms;
  }

  static void record(Histogram histogram, long nanos) {
    histogram.recordValue(Math.max(0, Math.min(nanos, HIGHEST_NANOS)));
  }

  static double ms(double nanos) {
    return nanos / NANOS_A_MS;
  }

  /** 0 where there is nothing, as below. */
  static double maxMs(Histogram histogram) {
    return histogram.getTotalCount() == 0 ? 0 : ms((double) histogram.getMaxValue());
  }

  static double meanMs(Histogram histogram) {
    return histogram.getTotalCount() == 0 ? 0 : ms(histogram.getMean());
  }

  static double percentileMs(Histogram histogram, double percentile) {
    return histogram.getTotalCount() == 0 ? 0 : ms((double) histogram.getValueAtPercentile(percentile));
  }
}
