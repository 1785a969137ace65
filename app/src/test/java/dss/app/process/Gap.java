package dss.app.process;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How long it takes until every shard can be written, asked of live servers again and again. */
final class Gap {
  private static final int SHARDS = 1_024;
  private static final Duration BOUND = Duration.ofSeconds(20);
  private static final Duration REPLY = Duration.ofSeconds(4);

  private Gap() {}

  /** A key of each shard. */
  static List<String> keyOfEachShard(String word) {
    var keys = new String[SHARDS];
    int missing = SHARDS;
    for (int i = 0; missing > 0; i++) {
      String key = word + i;
      int shard = Ring.slot(key) / (Ring.SLOTS / SHARDS);
      if (keys[shard] == null) {
        keys[shard] = key;
        missing--;
      }
    }
    return List.of(keys);
  }

  /** Writes all keys at whichever of the servers takes each; the time from {@code since} until the last was taken. */
  static Duration untilAllTaken(List<Node> servers, List<String> keys, String value, long since)
      throws IOException {
    List<String> left = keys;
    String last = "";
    while (!left.isEmpty()) {
      if (System.nanoTime() - since > BOUND.toNanos()) {
        throw new AssertionError(left.size() + " shards are not written after " + BOUND.toSeconds() + " s: "
            + left.get(0) + " gives " + last);
      }
      for (Node server : servers) {
        var again = new ArrayList<String>();
        last = write(server, left, value, again) + " at " + server.name();
        left = again;
      }
    }
    return Duration.ofNanos(System.nanoTime() - since);
  }

  private static String write(Node server, List<String> keys, String value, List<String> again)
      throws IOException {
    String last = "";
    try (var connection = new Resp(server.port())) {
      connection.timeout(REPLY);
      for (String key : keys) {
        connection.send("SET", key, value);
      }
      connection.flush();
      for (String key : keys) {
        Object reply = connection.read();
        if (!"OK".equals(reply)) {
          again.add(key);
          last = String.valueOf(reply);
        }
      }
    }
    return last;
  }
}
