package dss.app.process;

import dss.client.DssClient;
import dss.client.Endpoint;
import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.Request;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * DSS's own client for Java. It does not set numbers but adds up to them, so that a write lost or done twice shows at
 * once: each sum must be exactly the one wanted.
 */
final class DssJavaClient implements Client {
  private final DssClient client;
  private final Map<String, Long> sums = new HashMap<>();

  DssJavaClient(List<Node> known) {
    client = DssClient
        .to(known.stream().map(node -> new Endpoint("127.0.0.1", node.port())).toArray(Endpoint[]::new));
  }

  @Override
  public void put(String key, String value) {
    long wanted = Long.parseLong(value);
    long by = wanted - sums.getOrDefault(key, 0L);
    Reply reply = client.executeBlocking(Bytes.utf8(key), Request.of("INCRBY", key, Long.toString(by)));
    sums.put(key, wanted);
    if (!(reply instanceof Reply.Int sum) || sum.value() != wanted) {
      throw new IllegalStateException("INCRBY " + key + " " + by + " gave " + reply + ", not " + wanted);
    }
  }

  @Override
  public @Nullable String get(String key) {
    return client.get(key).orElse(null);
  }

  @Override
  public void close() {
    client.close();
  }
}
