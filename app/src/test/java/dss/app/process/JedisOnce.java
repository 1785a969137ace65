package dss.app.process;

import dss.drill.Once;
import dss.drill.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Jedis in cluster mode with one attempt for each command: by more it would repeat a write whose reply was lost, and a
 * history would have one operation where there were two.
 */
final class JedisOnce implements Once {
  private final RedisClusterClient jedis;

  JedisOnce(List<Node> known) {
    jedis = RedisClusterClient.builder()
        .nodes(
            known.stream().map(node -> new HostAndPort("127.0.0.1", node.port())).collect(Collectors.toSet()))
        .maxAttempts(1).build();
  }

  @Override
  public Outcome call(String key, String... words) {
    var args = new String[words.length - 1];
    System.arraycopy(words, 1, args, 0, args.length);
    try {
      Object reply = jedis.sendCommand(key, Protocol.Command.valueOf(words[0]), args);
      return new Outcome.Answered(
          reply instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : reply);
    } catch (JedisDataException e) {
      return Outcome.ofError(String.valueOf(e.getMessage()));
    } catch (JedisException e) {
      return ofFailure(e);
    }
  }

  /** It names the reason of its last attempt, which was its only one. */
  private static Outcome ofFailure(JedisException failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      String why = String.valueOf(each.getMessage());
      if (each instanceof JedisDataException) {
        return Outcome.ofError(why);
      }
      if (why.startsWith("Failed to connect") || why.startsWith("Failed to create socket")
          || why.contains("cluster slots cache") || why.startsWith("No reachable node")) {
        return Outcome.noConnection(failure);
      }
      if (each instanceof JedisConnectionException) {
        return new Outcome.Unknown(each.toString());
      }
    }
    return new Outcome.Unknown(failure.toString());
  }

  @Override
  public void close() {
    jedis.close();
  }
}
