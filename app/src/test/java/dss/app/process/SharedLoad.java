package dss.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Six clients of three kinds that read and write the same few keys, each in a thread of its own, at a pace that leaves
 * the machine to others; all of it is recorded, and an order of it all is looked for at the end.
 */
final class SharedLoad implements AutoCloseable {
  private static final int KEYS = 12;
  private static final Duration ENDS = Duration.ofSeconds(45);
  private static final long LONGEST_PAUSE_NANOS = 6_000_000;
  /** So that a server that is away makes few operations of unknown fate. */
  private static final long PAUSE_AFTER_FAILURE_NANOS = 30_000_000;

  private final String test;
  private final List<Node> known;
  private final Recorded recorded;
  private final List<Worker> workers = new ArrayList<>();
  private final Collection<String> unexpected = new ConcurrentLinkedQueue<>();
  private volatile boolean stopped;

  private SharedLoad(String test, List<Node> known) {
    this.test = test;
    this.known = List.copyOf(known);
    recorded = new Recorded(test);
  }

  /**
   * Starts them and waits until each has had answers.
   *
   * @param test names the history's file, and the keys: no two in a cluster may have the same name
   * @param known servers that run now
   */
  static SharedLoad start(String test, List<Node> known) {
    var load = new SharedLoad(test, known);
    for (int i = 0; i < 3; i++) {
      load.add("plain-" + i, new PlainOnce(known, i));
    }
    load.add("jedis-0", new JedisOnce(known));
    load.add("jedis-1", new JedisOnce(known.subList(0, 1)));
    load.add("dss-0", new DssOnce(known));
    load.workers.forEach(worker -> worker.thread.start());
    return load.awaitAnswers(20);
  }

  private void add(String name, Once client) {
    workers.add(new Worker(name, client));
  }

  /** Waits until each client has had so many answers more. */
  SharedLoad awaitAnswers(long more) {
    Map<Worker, Long> until = new ConcurrentHashMap<>();
    workers.forEach(worker -> until.put(worker, worker.answers.get() + more));
    Await.until(test + ": each client gets " + more + " answers more", ENDS,
        () -> workers.stream().allMatch(worker -> worker.answers.get() >= until.getOrDefault(worker, 0L)));
    return this;
  }

  /** Asks a paused server for every key; to be ended when it runs again. */
  LateRequests askLate(Node paused) {
    return LateRequests.send(recorded, paused, IntStream.range(0, KEYS).mapToObj(this::key).toList());
  }

  /** Stops them, reads every key once more, and looks for an order of everything; the history's file. */
  Path assertLinearizable() {
    stop();
    readAll();
    assertThat(unexpected).as("replies that faults do not explain").isEmpty();
    recorded.assertLinearizable();
    return recorded.write();
  }

  private void stop() {
    stopped = true;
    try {
      for (Worker worker : workers) {
        worker.thread.join(ENDS.toMillis());
        assertThat(worker.thread.isAlive()).as("%s still waits for a reply", worker.name).isFalse();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    workers.forEach(worker -> System.out.println(test + " " + worker.name + ": answered " + worker.answers
        + ", not done " + worker.notDone + ", unknown " + worker.unknown));
  }

  /** By a client that knows nothing yet. */
  private void readAll() {
    List<Node> live = known.stream().filter(node -> node.process().isAlive()).toList();
    var reader = new Worker("reader", new PlainOnce(live, 0));
    for (int number = 0; number < KEYS; number++) {
      String key = key(number);
      Await.until(key + " is read", ENDS, () -> reader.once("GET", key, List.of()));
    }
    reader.client.close();
  }

  private String key(int number) {
    return test + ":" + number;
  }

  /** Also where the test has failed: what there is of the history is kept. */
  @Override
  public void close() {
    stopped = true;
    recorded.write();
  }

  private final class Worker {
    private final String name;
    private final Once client;
    private final Thread thread;
    private final AtomicLong answers = new AtomicLong();
    /** By the first words of the reason. */
    private final Map<String, Integer> notDone = new TreeMap<>();
    private final Map<String, Integer> unknown = new TreeMap<>();
    private final Map<String, String> seen = new TreeMap<>();
    private int made;

    Worker(String name, Once client) {
      this.name = name;
      this.client = client;
      thread = new Thread(this::work, "shared load " + name);
      thread.setDaemon(true);
    }

    private void work() {
      while (!stopped) {
        boolean answered = next();
        LockSupport.parkNanos(answered
            ? ThreadLocalRandom.current().nextLong(LONGEST_PAUSE_NANOS)
            : PAUSE_AFTER_FAILURE_NANOS);
      }
      client.close();
    }

    /** One operation; each key is a counter, a text that grows, or a value that is set. */
    private boolean next() {
      int number = ThreadLocalRandom.current().nextInt(KEYS);
      String key = key(number);
      int percent = ThreadLocalRandom.current().nextInt(100);
      String value = name + "." + ++made;
      if (percent < 40) {
        return once("GET", key, List.of());
      }
      return switch (number % 3) {
        case 0 -> once(percent < 97 ? "INCR" : "DEL", key, List.of());
        case 1 -> once(percent < 80 ? "APPEND" : "SET", key, List.of(value));
        default -> percent < 65
            ? once("SET", key, List.of(value))
            : percent < 75
                ? once("SETNX", key, List.of(value))
                : percent < 88
                    ? once("SET_IF", key, List.of(value, seen.getOrDefault(key, "none")))
                    : once("DEL", key, List.of());
      };
    }

    boolean once(String op, String key, List<String> args) {
      var words = new ArrayList<>(List.of(op.equals("SET_IF") ? "SET" : op, key));
      words.addAll(args);
      if (op.equals("SET_IF")) {
        words.add(3, "IFEQ");
      }
      Recorded.Call call = recorded.begin(name, op, key, args);
      Outcome outcome = client.call(key, words.toArray(new String[0]));
      call.ended(outcome);
      return switch (outcome) {
        case Outcome.Answered answered -> answered(op, key, args, answered.reply());
        case Outcome.NotDone not -> {
          notDone.merge(brief(not.why()), 1, Integer::sum);
          if (!not.isOfFaults()) {
            unexpected.add(name + " " + words + ": " + not.why());
          }
          yield false;
        }
        case Outcome.Unknown of -> {
          unknown.merge(brief(of.why()), 1, Integer::sum);
          yield false;
        }
      };
    }

    private boolean answered(String op, String key, List<String> args, @Nullable Object reply) {
      answers.incrementAndGet();
      if (op.equals("SET")) {
        seen.put(key, args.get(0));
      } else if (op.equals("GET") && reply instanceof String text) {
        seen.put(key, text);
      }
      return true;
    }

    private String brief(String why) {
      return why.substring(0, Math.min(60, why.length()));
    }
  }
}
