package dss.server;

import io.netty.channel.EventLoop;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs a task from time to time, as often as is asked for: a server that has nothing to do wakes seldom. Loop only. */
final class Ticker {
  private final EventLoop loop;
  private final Runnable tick;
  private @Nullable Future<?> next;
  private long dueAt;

  Ticker(EventLoop loop, Runnable tick) {
    this.loop = loop;
    this.tick = tick;
  }

  /** The task runs once more, so many milliseconds after this was first asked at the latest. */
  void within(int ms) {
    long at = loop.ticker().nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
    Future<?> planned = next;
    if (planned != null && at - dueAt < 0) {
      planned.cancel(false);
      planned = null;
    }
    if (planned == null) {
      dueAt = at;
      next = loop.schedule(() -> {
        next = null;
        tick.run();
      }, ms, TimeUnit.MILLISECONDS);
    }
  }
}
