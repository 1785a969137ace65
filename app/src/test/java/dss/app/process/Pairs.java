package dss.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Many pairs, written and checked in pipelines, each at the server that owns it by CLUSTER SLOTS. */
final class Pairs {
  private static final int PIPELINE = 2_000;

  private final String word;
  private final int count;
  private int round;

  Pairs(String word, int count) {
    this.word = word;
    this.count = count;
  }

  /** Gives every key a new value. */
  void write(Node any) {
    round++;
    var wrong = new ArrayList<String>();
    exchange(any, key -> new String[]{"SET", key, value(key)}, (key, reply) -> {
      if (!"OK".equals(reply)) {
        wrong.add(key + ": " + reply);
      }
    });
    assertThat(wrong.subList(0, Math.min(10, wrong.size()))).as("%s writes of %s", wrong.size(), word)
        .isEmpty();
  }

  /** Every key has the value that was written last. */
  void assertAllThere(Node any) {
    var wrong = new ArrayList<String>();
    exchange(any, key -> new String[]{"GET", key}, (key, reply) -> {
      if (!value(key).equals(reply)) {
        wrong.add(key + ": " + reply);
      }
    });
    assertThat(wrong.subList(0, Math.min(10, wrong.size()))).as("%s of %s pairs", wrong.size(), count)
        .isEmpty();
  }

  private String value(String key) {
    return key + "=" + round;
  }

  private interface OnReply {
    void reply(String key, @org.jspecify.annotations.Nullable Object reply);
  }

  private interface Command {
    String[] of(String key);
  }

  private void exchange(Node any, Command command, OnReply then) {
    Ring ring = Ring.slotsOf(any.port());
    Map<Integer, List<String>> byOwner = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      String key = word + i;
      byOwner.computeIfAbsent(ring.owner(key), port -> new ArrayList<>()).add(key);
    }
    byOwner.forEach((port, keys) -> {
      try (var connection = new Resp(port)) {
        for (int from = 0; from < keys.size(); from += PIPELINE) {
          pipeline(connection, keys.subList(from, Math.min(keys.size(), from + PIPELINE)), command, then);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  private static void pipeline(Resp connection, List<String> keys, Command command, OnReply then)
      throws IOException {
    for (String key : keys) {
      connection.send(command.of(key));
    }
    connection.flush();
    for (String key : keys) {
      then.reply(key, connection.read());
    }
  }
}
