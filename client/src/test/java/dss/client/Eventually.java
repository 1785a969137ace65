package dss.client;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition, with a bound. */
final class Eventually {
  private static final long BOUND_NANOS = 20_000_000_000L;

  private Eventually() {}

  static void eventually(String what, BooleanSupplier condition) {
    long until = System.nanoTime() + BOUND_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > until) {
        throw new AssertionError("not in time: " + what);
      }
      LockSupport.parkNanos(500_000);
    }
  }
}
