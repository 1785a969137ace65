package dss.sim;

import java.util.PriorityQueue;
import java.util.SplittableRandom;

/** Virtual time: tasks in the order of their time, those of one instant in the order they were made. */
final class Scheduler {
  private record Event(long at, long order, Runnable task) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
    }
  }

  final SplittableRandom random;
  private final PriorityQueue<Event> queue = new PriorityQueue<>();
  private long nowMicros = 1_000_000;
  private long made;

  Scheduler(long seed) {
    random = new SplittableRandom(seed * 0x9e3779b97f4a7c15L + 17);
  }

  /** Microseconds of virtual real time. */
  long now() {
    return nowMicros;
  }

  void at(long time, Runnable task) {
    queue.add(new Event(Math.max(time, nowMicros), made++, task));
  }

  void after(long micros, Runnable task) {
    at(nowMicros + micros, task);
  }

  /** Runs the next task; false when none is left before {@code end}. */
  boolean step(long end) {
    Event next = queue.peek();
    if (next == null || next.at > end) {
      nowMicros = Math.max(nowMicros, end);
      return false;
    }
    queue.remove();
    nowMicros = next.at;
    next.task.run();
    return true;
  }

  long between(long least, long most) {
    return least + (most > least ? random.nextLong(most - least + 1) : 0);
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }
}
