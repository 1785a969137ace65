package dss.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A process that can be killed and paused: what is posted to it waits while it is paused and dies with it. */
final class SimProcess {
  private record Deferred(Object channel, Runnable task) {}

  private final Scheduler scheduler;
  private final Runnable afterEach;
  private boolean dead;
  private boolean paused;
  private final List<Deferred> deferred = new ArrayList<>();
  /** After a pause: when the last of what waited in a channel is run. */
  private final Map<Object, Long> catchingUp = new HashMap<>();

  SimProcess(Scheduler scheduler, Runnable afterEach) {
    this.scheduler = scheduler;
    this.afterEach = afterEach;
  }

  boolean alive() {
    return !dead;
  }

  boolean running() {
    return !dead && !paused;
  }

  void kill() {
    dead = true;
    deferred.clear();
  }

  void pause() {
    paused = true;
  }

  /** Goes on: what waited comes in any order across channels, in order within each. */
  void resume() {
    if (!paused || dead) {
      return;
    }
    paused = false;
    var waiting = new ArrayList<>(deferred);
    deferred.clear();
    catchingUp.clear();
    for (Deferred d : waiting) {
      long at = Math.max(scheduler.now() + scheduler.between(0, 2_000),
          catchingUp.getOrDefault(d.channel, 0L) + 1);
      catchingUp.put(d.channel, at);
      scheduler.at(at, () -> run(d.channel, d.task));
    }
  }

  /** Runs a task in this process at a time, in order with others of its channel. */
  void post(long delayMicros, Object channel, Runnable task) {
    long at = scheduler.now() + delayMicros;
    if (!catchingUp.isEmpty()) {
      at = Math.max(at, catchingUp.getOrDefault(channel, 0L) + 1);
    }
    scheduler.at(at, () -> run(channel, task));
  }

  private void run(Object channel, Runnable task) {
    if (dead) {
      return;
    }
    if (paused) {
      deferred.add(new Deferred(channel, task));
      return;
    }
    task.run();
    if (!dead) {
      afterEach.run();
    }
  }
}
