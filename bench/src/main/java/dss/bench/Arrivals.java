package dss.bench;

/**
 * When operations are due in an open loop: at a fixed rate, whatever the replies. The latency of an operation counts
 * from its due time, so that what waits because the servers are slow is measured as waiting (no coordinated omission:
 * Gil Tene, "How NOT to measure latency"). For one thread; the clock is passed in.
 */
final class Arrivals {
  private static final double SECOND = 1e9;

  private final long begin;
  private final double interval;
  private long count;

  /**
   * Operations of one of several loops, whose turns alternate.
   *
   * @param begin when the first one of all is due
   * @param rate operations a second of all loops
   */
  Arrivals(long begin, double rate, int loop, int loops) {
    this.interval = SECOND * loops / rate;
    this.begin = begin + (long) (SECOND * loop / rate);
  }

  /** When the next one is due, by the clock of {@code begin}. */
  long due() {
    return begin + (long) (count * interval);
  }

  /** The next one has been taken. */
  void taken() {
    count++;
  }
}
