package dss.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A client that writes without a pause, in a thread of its own: rising numbers under keys that are its own alone, spread
 * over all servers. It remembers what was acknowledged and what went wrong when.
 */
final class Load implements AutoCloseable {
  private static final Duration ENDS = Duration.ofSeconds(40);

  /**
   * @param afterMs when it ended, since the last {@link #mark}; negative before the first
   * @param tookMs how long the client had tried
   */
  record Failure(long afterMs, long tookMs, String what) {}

  private final String name;
  private final Client client;
  private final int keys;
  private final long[] acknowledged;
  private final long[] attempted;
  private final ConcurrentLinkedQueue<Failure> failures = new ConcurrentLinkedQueue<>();
  private final Thread thread;
  private volatile long count;
  private volatile long marked = Long.MAX_VALUE;
  private volatile long lastSuccess;
  private volatile long longestGap;
  private volatile boolean stopped;

  private Load(String name, Client client, int keys) {
    this.name = name;
    this.client = client;
    this.keys = keys;
    this.acknowledged = new long[keys];
    this.attempted = new long[keys];
    this.thread = new Thread(this::write, "load " + name);
  }

  /** Starts one and waits until it has written each of its keys. */
  static Load start(String name, Client client, int keys) {
    var load = new Load(name, client, keys);
    load.lastSuccess = System.nanoTime();
    load.thread.setDaemon(true);
    load.thread.start();
    load.awaitWrites(keys);
    return load;
  }

  private void write() {
    for (long i = 1; !stopped; i++) {
      int key = (int) (i % keys);
      long begin = System.nanoTime();
      attempted[key] = i;
      try {
        client.put(key(key), Long.toString(i));
        acknowledged[key] = i;
        succeeded();
      } catch (RuntimeException e) {
        long now = System.nanoTime();
        failures.add(new Failure((now - marked) / 1_000_000, (now - begin) / 1_000_000, e.toString()));
        Thread.yield();
      }
    }
  }

  private void succeeded() {
    long now = System.nanoTime();
    longestGap = Math.max(longestGap, now - lastSuccess);
    lastSuccess = now;
    count++;
  }

  private String key(int number) {
    return name + ":" + number;
  }

  @Override
  public String toString() {
    return name;
  }

  long count() {
    return count;
  }

  /** From now on failures are counted from now, and the longest gap is of what follows. */
  Load mark() {
    marked = System.nanoTime();
    longestGap = 0;
    return this;
  }

  /** Waits until it has written so many times more. */
  Load awaitWrites(long more) {
    long until = count + more;
    Await.until(name + " writes " + more + " times more; so far " + failures, ENDS, () -> count >= until);
    return this;
  }

  /** Stops writing; what it wrote may be checked now. */
  Load stop() {
    stopped = true;
    try {
      thread.join(ENDS.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    assertThat(thread.isAlive()).as("%s still waits for a reply", name).isFalse();
    return this;
  }

  List<Failure> failures() {
    return List.copyOf(failures);
  }

  long longestGapMs() {
    return Math.max(longestGap, System.nanoTime() - lastSuccess) / 1_000_000;
  }

  long longestGapMsSoFar() {
    return longestGap / 1_000_000;
  }

  void assertNoFailure() {
    assertThat(failures()).as("errors that %s has seen", name).isEmpty();
  }

  /** Nothing acknowledged is lost, and nothing is there that was never written. */
  void assertAllThere(Client reader) {
    var wrong = new ArrayList<String>();
    for (int key = 0; key < keys; key++) {
      String value = reader.get(key(key));
      if (!isPossible(value, acknowledged[key], attempted[key])) {
        wrong.add(key(key) + " is " + value + ", acknowledged " + acknowledged[key] + ", tried "
            + attempted[key]);
      }
    }
    assertThat(wrong).as("what %s has written", name).isEmpty();
  }

  private static boolean isPossible(@Nullable String value, long acknowledged, long attempted) {
    long number = value == null ? 0 : Long.parseLong(value);
    return number >= acknowledged && number <= attempted;
  }

  @Override
  public void close() {
    stopped = true;
    thread.interrupt();
    client.close();
  }
}
