package dss.bench;

import org.HdrHistogram.Histogram;

/**
 * What came of one kind of operation, or of all ({@code kind} is then "all"). Latencies are of those that did not
 * fail.
 *
 * @param operations that were done
 * @param errors that failed, beside them
 * @param absent of those done, how many found nothing
 */
public record KindReport(String kind, long operations, double opsPerSecond, double meanMs, double p50Ms,
    double p95Ms, double p99Ms, double p999Ms, double maxMs, long errors, long absent) {

  static KindReport of(String kind, Histogram latencies, double seconds, long errors, long absent) {
    long operations = latencies.getTotalCount();
    return new KindReport(kind, operations, seconds > 0 ? operations / seconds : 0,
        Latencies.meanMs(latencies), Latencies.percentileMs(latencies, 50),
        Latencies.percentileMs(latencies, 95), Latencies.percentileMs(latencies, 99),
        Latencies.percentileMs(latencies, 99.9), Latencies.maxMs(latencies), errors,
        absent);
  }
}
