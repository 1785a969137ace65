package dss.app.process;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * Whose each slot is, as somebody has told it.
 *
 * @param owners by slot, the RESP port of its primary; 0 where nobody was named
 */
record Ring(List<Integer> owners) {
  static final int SLOTS = 16_384;

  Ring {
    owners = List.copyOf(owners);
  }

  /** By CLUSTER SLOTS of the server. */
  static Ring slotsOf(int port) {
    if (!(Resp.ask(port, "CLUSTER", "SLOTS") instanceof List<?> arcs)) {
      throw new AssertionError("CLUSTER SLOTS of " + port + " is no list");
    }
    var owners = new Integer[SLOTS];
    Arrays.fill(owners, 0);
    for (Object arc : arcs) {
      List<?> words = (List<?>) arc;
      List<?> node = (List<?>) words.get(2);
      Arrays.fill(owners, number(words.get(0)), number(words.get(1)) + 1, number(node.get(1)));
    }
    return new Ring(List.of(owners));
  }

  /** By KEYRANGE of the server. */
  static Ring keyRangeOf(int port) {
    String text = Resp.text(port, "KEYRANGE");
    String success = "KEYRANGE_SUCCESS ";
    if (!text.startsWith(success)) {
      throw new AssertionError("KEYRANGE of " + port + " gave " + text);
    }
    var owners = new Integer[SLOTS];
    Arrays.fill(owners, 0);
    for (String arc : text.substring(success.length()).split(";")) {
      String[] words = arc.split(",", 3);
      int owner = Integer.parseInt(words[2].substring(words[2].lastIndexOf(':') + 1));
      Arrays.fill(owners, Integer.parseInt(words[0]), Integer.parseInt(words[1]) + 1, owner);
    }
    return new Ring(List.of(owners));
  }

  /** By {@code ring --json} of the ECS. */
  static Ring ofEcs(Ecs ecs) {
    var owners = new Integer[SLOTS];
    Arrays.fill(owners, 0);
    for (Map<?, ?> arc : ecs.ring()) {
      String primary = String.valueOf(arc.get("primary"));
      int owner = Integer.parseInt(primary.substring(primary.lastIndexOf(':') + 1));
      Arrays.fill(owners, number(arc.get("from")), number(arc.get("to")) + 1, owner);
    }
    return new Ring(List.of(owners));
  }

  private static int number(@Nullable Object value) {
    return value instanceof Number number ? number.intValue() : -1;
  }

  int owner(int slot) {
    return owners.get(slot);
  }

  int owner(String key) {
    return owner(slot(key));
  }

  /** Judged by Jedis' own table, not by ours. */
  static int slot(String key) {
    return JedisClusterCRC16.getSlot(key.getBytes(StandardCharsets.UTF_8));
  }

  /** Slots by owner. */
  Map<Integer, Integer> shares() {
    var shares = new TreeMap<Integer, Integer>();
    owners.forEach(owner -> shares.merge(owner, 1, Integer::sum));
    return shares;
  }

  /** A key of this server that begins with the given word. */
  String keyOf(int port, String word) {
    for (int i = 0; i < 1_000_000; i++) {
      if (owner(word + i) == port) {
        return word + i;
      }
    }
    throw new AssertionError("port " + port + " owns nothing: " + shares());
  }
}
