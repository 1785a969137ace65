package dss.bench;

/**
 * One second of a run. Its latencies are those of operations that were answered in it.
 *
 * @param second 0 for the first one
 * @param errors operations that failed in it
 */
public record Second(int second, long operations, long errors, double p50Ms, double p99Ms, double maxMs) {}
