package dss.app.process;

import java.util.HashSet;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClusterClient;

/** Jedis in cluster mode as it comes: its own attempts, its own time-outs. */
final class JedisClient implements Client {
  /** Kept, so that it is not collected with its level: broken connections are what these tests are about. */
  private static final Logger WARNINGS = Logger.getLogger("redis.clients.jedis");

  static {
    WARNINGS.setLevel(Level.SEVERE);
  }

  private final RedisClusterClient jedis;

  JedisClient(List<Node> known) {
    var addresses = new HashSet<HostAndPort>();
    known.forEach(node -> addresses.add(new HostAndPort("127.0.0.1", node.port())));
    jedis = RedisClusterClient.create(addresses);
  }

  @Override
  public void put(String key, String value) {
    String answer = jedis.set(key, value);
    if (!"OK".equals(answer)) {
      throw new IllegalStateException("SET gave " + answer);
    }
  }

  @Override
  public @Nullable String get(String key) {
    return jedis.get(key);
  }

  @Override
  public void close() {
    jedis.close();
  }
}
