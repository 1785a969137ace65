package dss.drill;

import dss.sim.HistoryCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Clients that read and write the same few keys, each in a thread of its own, at a pace that leaves the machine to
 * others; all of it is recorded, and an order of it all is looked for. Keys are counters, texts that grow, and values
 * that are set. A long load goes in rounds, each with keys of its own, so that no history grows without end.
 */
public final class SharedKeys implements AutoCloseable {
  private static final int KEYS = 12;
  private static final Duration ENDS = Duration.ofSeconds(45);
  private static final long LONGEST_PAUSE_NANOS = 6_000_000;
  /** So that a server that is away makes few operations of unknown fate. */
  private static final long PAUSE_AFTER_FAILURE_NANOS = 30_000_000;
  private static final long LOOK_NANOS = 20_000_000;
  private static final long MOST_MICROS = 120_000_000;

  /**
   * What one client has seen.
   *
   * @param notDone refusals that a later request need not meet, by their first words
   * @param unknown requests of unknown fate, by the first words of why
   * @param unexpected replies that faults do not explain
   */
  public record Seen(String client, boolean own, long answered, Map<String, Integer> notDone,
      Map<String, Integer> unknown, List<String> unexpected) {
    public Seen {
      notDone = Map.copyOf(notDone);
      unknown = Map.copyOf(unknown);
      unexpected = List.copyOf(unexpected);
    }
  }

  /** What came of a round: its check, and where its history was written, or null. */
  public record Checked(HistoryCheck check, @Nullable Path file) {}

  private static final class Round {
    private final String prefix;
    private final Recorded recorded = new Recorded();

    Round(String prefix) {
      this.prefix = prefix;
    }

    String key(int number) {
      return prefix + ":" + number;
    }
  }

  private final String name;
  private final List<Worker> workers = new ArrayList<>();
  private final Histogram latency = new ConcurrentHistogram(MOST_MICROS, 2);
  private volatile Round round;
  private volatile boolean stopped;
  private int rounds;
  private @Nullable Worker reader;

  /** @param name of the keys: no two loads of a cluster may have the same one */
  public SharedKeys(String name) {
    this.name = name;
    this.round = new Round(name + ":0");
  }

  /** Adds a client; before {@link #start}. @param own whether it hides faults from who uses it */
  public SharedKeys add(String client, boolean own, Once once) {
    workers.add(new Worker(client, own, once));
    return this;
  }

  public SharedKeys start() {
    workers.forEach(worker -> worker.thread.start());
    return this;
  }

  /** Of the keys of this round; for requests beside the clients. */
  public Recorded recorded() {
    return round.recorded;
  }

  public List<String> keys() {
    Round now = round;
    return java.util.stream.IntStream.range(0, KEYS).mapToObj(now::key).toList();
  }

  // ---- what was seen

  public List<Seen> seen() {
    return Stream.concat(workers.stream(), Stream.ofNullable(reader)).map(Worker::seen).toList();
  }

  public long answered() {
    return workers.stream().mapToLong(worker -> worker.answered).sum();
  }

  /** Microseconds of what was answered. */
  public Histogram latency() {
    return latency;
  }

  /** From now on {@link #longestGapMs} speaks of what follows. */
  public void markGaps() {
    long now = System.nanoTime();
    workers.forEach(worker -> {
      worker.lastAnswer = now;
      worker.longestGap = 0;
    });
  }

  /** The longest time that a client had no answer. @param own of DSS's own clients, else of the bare ones */
  public long longestGapMs(boolean own) {
    long now = System.nanoTime();
    return workers.stream().filter(worker -> worker.own == own)
        .mapToLong(worker -> Math.max(worker.longestGap, now - worker.lastAnswer)).max().orElse(0)
        / 1_000_000;
  }

  /** Waits until each client has had so many answers more; false: not within the bound. */
  public boolean awaitAnswers(long more, Duration bound) {
    Map<Worker, Long> until = new ConcurrentHashMap<>();
    workers.forEach(worker -> until.put(worker, worker.answered + more));
    return await(bound, () -> workers.stream()
        .allMatch(worker -> worker.answered >= until.getOrDefault(worker, 0L)));
  }

  private interface Condition {
    boolean holds();
  }

  private static boolean await(Duration bound, Condition condition) {
    long until = System.nanoTime() + bound.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > until) {
        return false;
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return true;
  }

  // ---- rounds

  /** Begins keys of their own, once everybody has left the old ones checks those. */
  public Checked nextRound(@Nullable Path historyIfBad) throws IOException {
    Round old = round;
    round = new Round(name + ":" + ++rounds);
    await(ENDS, () -> workers.stream().allMatch(worker -> worker.in != old));
    return check(old, historyIfBad, null);
  }

  /**
   * Stops all clients, reads every key once more, and looks for an order of everything.
   *
   * @param once a client that knows nothing yet; it is closed. A key that it cannot read is among what {@link #seen}
   *     calls unexpected
   * @param ifBad where the history is written if it has no order; null: nowhere
   * @param always where it is written else; null: nowhere
   */
  public Checked end(Once once, @Nullable Path ifBad, @Nullable Path always) throws IOException {
    stop();
    var last = new Worker("reader", false, once);
    reader = last;
    try {
      for (String key : keys()) {
        if (!await(ENDS, () -> last.once(round, "GET", key, List.of()))) {
          last.unexpected("could not read " + key + " within " + ENDS.toSeconds() + " s after the end");
        }
      }
    } finally {
      once.close();
    }
    return check(round, ifBad, always);
  }

  private static Checked check(Round of, @Nullable Path ifBad, @Nullable Path always) throws IOException {
    HistoryCheck check = HistoryCheck.of(of.recorded.operations());
    Path file = always == null && !check.violations().isEmpty() ? ifBad : always;
    if (file != null) {
      of.recorded.write(file);
    }
    return new Checked(check, file);
  }

  private void stop() {
    stopped = true;
    try {
      for (Worker worker : workers) {
        worker.thread.join(ENDS.toMillis());
        if (worker.thread.isAlive()) {
          throw new IllegalStateException(
              worker.name + " still waits for a reply after " + ENDS.toSeconds() + " s");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stopped = true;
  }

  private final class Worker {
    private final String name;
    private final boolean own;
    private final Once client;
    private final Thread thread;
    private final Map<String, Integer> notDone = new TreeMap<>();
    private final Map<String, Integer> unknown = new TreeMap<>();
    private final List<String> unexpected = new ArrayList<>();
    private final Map<String, String> values = new TreeMap<>();
    private volatile @Nullable Round in;
    private volatile long answered;
    private volatile long lastAnswer = System.nanoTime();
    private volatile long longestGap;
    private int made;

    Worker(String name, boolean own, Once client) {
      this.name = name;
      this.own = own;
      this.client = client;
      thread = new Thread(this::work, "shared keys " + name);
      thread.setDaemon(true);
    }

    private void work() {
      while (!stopped) {
        boolean wasAnswered = guarded();
        in = null;
        LockSupport.parkNanos(wasAnswered
            ? ThreadLocalRandom.current().nextLong(LONGEST_PAUSE_NANOS)
            : PAUSE_AFTER_FAILURE_NANOS);
      }
      client.close();
    }

    private boolean guarded() {
      try {
        return next();
      } catch (RuntimeException e) {
        unexpected("broke: " + e);
        return false;
      }
    }

    /** One operation; each key is a counter, a text that grows, or a value that is set. */
    private boolean next() {
      Round now = round;
      in = now;
      int number = ThreadLocalRandom.current().nextInt(KEYS);
      String key = now.key(number);
      int percent = ThreadLocalRandom.current().nextInt(100);
      String value = name + "." + ++made;
      if (percent < 40) {
        return once(now, "GET", key, List.of());
      }
      return switch (number % 3) {
        case 0 -> once(now, percent < 97 ? "INCR" : "DEL", key, List.of());
        case 1 -> once(now, percent < 80 ? "APPEND" : "SET", key, List.of(value));
        default -> percent < 65
            ? once(now, "SET", key, List.of(value))
            : percent < 75
                ? once(now, "SETNX", key, List.of(value))
                : percent < 88
                    ? once(now, "SET_IF", key, List.of(value, values.getOrDefault(key, "none")))
                    : once(now, "DEL", key, List.of());
      };
    }

    boolean once(Round now, String op, String key, List<String> args) {
      var words = new ArrayList<>(List.of(op.equals("SET_IF") ? "SET" : op, key));
      words.addAll(args);
      if (op.equals("SET_IF")) {
        words.add(3, "IFEQ");
      }
      long begin = System.nanoTime();
      Recorded.Call call = now.recorded.begin(name, op, key, args);
      Outcome outcome = client.call(key, words.toArray(new String[0]));
      call.ended(outcome);
      switch (outcome) {
        case Outcome.Answered reply -> answered(begin, op, key, args, reply.reply());
        case Outcome.NotDone not -> {
          count(notDone, not.why());
          if (!not.isOfFaults()) {
            unexpected(words + ": " + not.why());
          }
        }
        case Outcome.Unknown of -> count(unknown, of.why());
      }
      return outcome instanceof Outcome.Answered;
    }

    private void answered(long begin, String op, String key, List<String> args, @Nullable Object reply) {
      long now = System.nanoTime();
      latency.recordValue(Math.min(MOST_MICROS, (now - begin) / 1_000));
      longestGap = Math.max(longestGap, now - lastAnswer);
      lastAnswer = now;
      answered = answered + 1;
      if (op.equals("SET")) {
        values.put(key, args.get(0));
      } else if (op.equals("GET") && reply instanceof String text) {
        values.put(key, text);
      }
      if (values.size() > 10 * KEYS) {
        values.clear();
      }
    }

    private synchronized void count(Map<String, Integer> counts, String why) {
      counts.merge(kind(why), 1, Integer::sum);
    }

    private synchronized void unexpected(String what) {
      unexpected.add(name + " " + what);
    }

    /** The code of an error, or what kind of exception it was. */
    private static String kind(String why) {
      String[] words = why.split("[: ]+");
      return words.length > 1 && words[0].equals(Outcome.NO_CONNECTION) || words[0].endsWith("Exception")
          ? String.join(" ", List.of(words).subList(0, Math.min(words.length, 5)))
          : words[0];
    }

    synchronized Seen seen() {
      return new Seen(name, own, answered, notDone, unknown, unexpected);
    }
  }
}
