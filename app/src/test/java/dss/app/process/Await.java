package dss.app.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ThrowingRunnable;

/** Waiting for conditions, always with a bound. A connection that fails while looking is "not yet". */
final class Await {
  private static final Duration LOOK = Duration.ofMillis(50);

  private Await() {}

  static void until(String what, Duration bound, Callable<Boolean> condition) {
    within(what, bound).until(condition);
  }

  /** It is so now, and stays so. */
  static void stays(String what, Duration howLong, Callable<Boolean> condition) {
    within(what, howLong.plusSeconds(5)).during(howLong).until(condition);
  }

  static void untilAsserted(String what, Duration bound, ThrowingRunnable assertion) {
    within(what, bound).untilAsserted(assertion);
  }

  private static ConditionFactory within(String what, Duration bound) {
    return Awaitility.await(what).atMost(bound).pollDelay(Duration.ZERO).pollInterval(LOOK)
        .pollInSameThread().ignoreExceptionsMatching(
            e -> e instanceof IOException || e instanceof UncheckedIOException);
  }
}
