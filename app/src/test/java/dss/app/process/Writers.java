package dss.app.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClusterClient;

/**
 * Clients that write and read in the background with Jedis' cluster client and its default attempts: what was
 * acknowledged, what failed, and the longest time without a success.
 */
final class Writers implements AutoCloseable {
  private final List<Thread> threads = new ArrayList<>();
  private final Map<String, String> acknowledged = new ConcurrentHashMap<>();
  private final Set<String> unknown = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();
  private final AtomicLong longestNanos = new AtomicLong();
  private final AtomicLong done = new AtomicLong();
  private volatile boolean stopped;

  Writers(int count, int... ports) {
    Set<HostAndPort> seeds = new java.util.HashSet<>();
    for (int port : ports) {
      seeds.add(new HostAndPort("127.0.0.1", port));
    }
    for (int i = 0; i < count; i++) {
      int number = i;
      Thread thread = new Thread(() -> run(number, seeds), "writer-" + i);
      thread.start();
      threads.add(thread);
    }
  }

  private void run(int number, Set<HostAndPort> seeds) {
    try (var client = RedisClusterClient.builder().nodes(seeds).build()) {
      long last = System.nanoTime();
      for (long n = 0; !stopped; n++) {
        String key = "w" + number + ":" + n % 500;
        String value = number + "." + n;
        try {
          client.set(key, value);
          acknowledged.put(key, value);
          unknown.remove(key);
          String read = client.get(key);
          if (!value.equals(read)) {
            errors.add("read " + read + " of " + key + " after writing " + value);
          }
          done.incrementAndGet();
          long now = System.nanoTime();
          long gap = now - last;
          longestNanos.accumulateAndGet(gap, Math::max);
          last = now;
        } catch (RuntimeException e) {
          errors.add(e.toString());
          acknowledged.remove(key);
          unknown.add(key);
        }
      }
    }
  }

  long done() {
    return done.get();
  }

  List<String> errors() {
    return List.copyOf(errors);
  }

  void forgetSoFar() {
    errors.clear();
    longestNanos.set(0);
  }

  long longestGapMs() {
    return longestNanos.get() / 1_000_000;
  }

  /** Ends the writers and notes what each key must hold now; keys whose last write may have happened are left out. */
  void stopInto(Map<String, String> written) throws InterruptedException {
    stop();
    written.putAll(acknowledged);
    written.keySet().removeAll(unknown);
  }

  private void stop() throws InterruptedException {
    stopped = true;
    for (Thread thread : threads) {
      thread.join(30_000);
    }
  }

  @Override
  public void close() throws InterruptedException {
    stop();
  }
}
