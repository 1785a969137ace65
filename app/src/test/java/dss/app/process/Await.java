package dss.app.process;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for a condition, with a bound. */
final class Await {
  private Await() {}

  static void until(String what, Duration bound, Supplier<String> otherwise, Callable<Boolean> condition) {
    long end = System.nanoTime() + bound.toNanos();
    Exception last = null;
    while (System.nanoTime() < end) {
      try {
        if (condition.call()) {
          return;
        }
      } catch (Exception e) {
        last = e;
      }
      LockSupport.parkNanos(20_000_000);
    }
    throw new AssertionError(what + " did not come within " + bound.toSeconds() + " s\n" + otherwise.get(),
        last);
  }
}
