package dss.sim;

import java.util.Arrays;

/** Virtual time: tasks in the order of their time, those of one instant in the order they were made. */
final class Scheduler extends Draws {
  private static final int FIRST_SIZE = 1024;
  /** Children of a node of the heap: a flat one moves fewer tasks about. */
  private static final int FAN = 4;

  private long[] times = new long[FIRST_SIZE];
  private long[] orders = new long[FIRST_SIZE];
  private Runnable[] tasks = new Runnable[FIRST_SIZE];
  private int size;
  private long nowMicros = 1_000_000;
  private long made;

  Scheduler(long seed) {
    super(seed, Draws.COURSE, 0);
  }

  /** Microseconds of virtual real time. */
  long now() {
    return nowMicros;
  }

  void at(long time, Runnable task) {
    if (size == tasks.length) {
      times = Arrays.copyOf(times, 2 * size);
      orders = Arrays.copyOf(orders, 2 * size);
      tasks = Arrays.copyOf(tasks, 2 * size);
    }
    int at = size++;
    long due = Math.max(time, nowMicros);
    for (int parent = (at - 1) / FAN; at > 0 && due < times[parent]; parent = (at - 1) / FAN) {
      move(parent, at);
      at = parent;
    }
    put(at, due, made++, task);
  }

  void after(long micros, Runnable task) {
    at(nowMicros + micros, task);
  }

  /** Runs the next task; false when none is left before {@code end}. */
  boolean step(long end) {
    if (size == 0 || times[0] > end) {
      nowMicros = Math.max(nowMicros, end);
      return false;
    }
    nowMicros = times[0];
    take().run();
    return true;
  }

  private Runnable take() {
    Runnable first = tasks[0];
    size--;
    long time = times[size];
    long order = orders[size];
    Runnable last = tasks[size];
    tasks[size] = NOTHING;
    int at = 0;
    for (int child = least(at); child < size && isBefore(child, time, order); child = least(at)) {
      move(child, at);
      at = child;
    }
    if (size > 0) {
      put(at, time, order, last);
    }
    return first;
  }

  private static final Runnable NOTHING = () -> {};

  private int least(int of) {
    int first = of * FAN + 1;
    int least = first;
    for (int i = first + 1; i < Math.min(size, first + FAN); i++) {
      if (isBefore(i, times[least], orders[least])) {
        least = i;
      }
    }
    return least;
  }

  private boolean isBefore(int place, long time, long order) {
    return times[place] != time ? times[place] < time : orders[place] < order;
  }

  private void move(int from, int to) {
    put(to, times[from], orders[from], tasks[from]);
  }

  private void put(int at, long time, long order, Runnable task) {
    times[at] = time;
    orders[at] = order;
    tasks[at] = task;
  }
}
