package dss.bench;

import java.time.Duration;

/**
 * One stretch of load: filling, warming up, measuring.
 *
 * @param requests of all loops, {@link #UNBOUNDED} where time ends it
 * @param nanos how long, {@link #UNBOUNDED} where the number of requests ends it
 * @param rate operations a second that are due, 0: a closed loop
 */
record Phase(String name, Mix mix, Distribution distribution, long requests, long nanos, double rate) {
  private static final String MEASURED = "measuring";
  static final long UNBOUNDED = Long.MAX_VALUE;

  static Phase fill(KeySpace keySpace) {
    return new Phase("filling", Mix.of(Kind.SET), Distribution.SEQUENTIAL, keySpace.keys(), UNBOUNDED, 0);
  }

  static Phase warmup(BenchSettings settings) {
    Load load = settings.load();
    return new Phase("warming up", load.mix(), settings.keySpace().distribution(), UNBOUNDED,
        load.warmup().toNanos(), load.rate());
  }

  static Phase measured(BenchSettings settings) {
    Load load = settings.load();
    Duration time = load.time();
    return new Phase(MEASURED, load.mix(), settings.keySpace().distribution(),
        load.requests() == 0 ? UNBOUNDED : load.requests(), time.isZero() ? UNBOUNDED : time.toNanos(),
        load.rate());
  }

  boolean isMeasured() {
    return name.equals(MEASURED);
  }

  /** How many of the requests one loop sends. */
  long requestsOf(int loop, int loops) {
    return requests == UNBOUNDED
        ? UNBOUNDED
        : KeyDraw.firstOf(loop + 1, loops, requests) - KeyDraw.firstOf(loop, loops, requests);
  }
}
