package dss.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.cluster.Address;
import dss.drill.Asking;
import dss.drill.LateRequests;
import dss.drill.OwnOnce;
import dss.drill.PlainOnce;
import dss.drill.SharedKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Six clients of three kinds that share keys; all they see is recorded, and an order of it is looked for at the end. */
final class SharedLoad implements AutoCloseable {
  private static final Duration ENDS = Duration.ofSeconds(45);
  private static final Path HISTORIES = Path.of("target", "histories");

  private final String test;
  private final List<Node> known;
  private final SharedKeys keys;
  private final Asking asking = new Asking();
  private boolean checked;

  private SharedLoad(String test, List<Node> known) {
    this.test = test;
    this.known = List.copyOf(known);
    this.keys = new SharedKeys(test);
  }

  /**
   * Starts them and waits until each has had answers.
   *
   * @param test names the history's file, and the keys: no two in a cluster may have the same name
   * @param known servers that run now
   */
  static SharedLoad start(String test, List<Node> known) {
    var load = new SharedLoad(test, known);
    List<Address> addresses = addresses(known);
    for (int i = 0; i < 3; i++) {
      load.keys.add("plain-" + i, false, new PlainOnce(load.asking, addresses, i));
    }
    load.keys.add("jedis-0", false, new JedisOnce(known));
    load.keys.add("jedis-1", false, new JedisOnce(known.subList(0, 1)));
    load.keys.add("dss-0", true, new OwnOnce(addresses));
    load.keys.start();
    return load.awaitAnswers(20);
  }

  private static List<Address> addresses(List<Node> nodes) {
    return nodes.stream().map(node -> new Address("127.0.0.1", node.port())).toList();
  }

  /** Waits until each client has had so many answers more. */
  SharedLoad awaitAnswers(long more) {
    assertThat(keys.awaitAnswers(more, ENDS)).as("%s: each client gets %s answers more", test, more).isTrue();
    return this;
  }

  /** Asks a paused server for every key; to be ended when it runs again. */
  LateRequests askLate(Node paused) {
    return LateRequests.send(asking, new Address("127.0.0.1", paused.port()), keys);
  }

  private Path file() {
    return HISTORIES.resolve(test + ".jsonl").toAbsolutePath();
  }

  /** Stops them, reads every key once more, and looks for an order of everything. */
  Path assertLinearizable() {
    try {
      List<Node> live = known.stream().filter(node -> node.process().isAlive()).toList();
      Path file = file();
      SharedKeys.Checked result = keys.end(new PlainOnce(asking, addresses(live), 0), file, file);
      checked = true;
      keys.seen().forEach(seen -> {
        System.out.println(test + " " + seen);
        assertThat(seen.unexpected()).as("replies to %s that faults do not explain", seen.client()).isEmpty();
      });
      System.out.println("history " + file + ": operations " + result.check().operations() + ", unknown "
          + result.check().unknown());
      assertThat(result.check().violations()).as("violations in %s", file).isEmpty();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where a test has failed before its end, what was seen so far is kept. */
  @Override
  public void close() {
    if (!checked) {
      try {
        keys.recorded().write(file());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    keys.close();
    asking.close();
  }
}
