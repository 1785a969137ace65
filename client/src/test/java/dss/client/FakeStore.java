package dss.client;

import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.Request;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What fake servers share: keys, and the outcomes of requests with an id. */
final class FakeStore {
  private final Map<Bytes, Bytes> values = new HashMap<>();
  private final Map<List<Bytes>, Reply> outcomes = new HashMap<>();
  private int executed;

  synchronized Reply execute(Request request) {
    if (!request.name().equalsIgnoreCase("DSS.ONCE")) {
      return evaluate(request);
    }
    return outcomes.computeIfAbsent(FakeServer.id(request), id -> evaluate(FakeServer.inner(request)));
  }

  /** Requests that took effect or were read, repeats left out. */
  synchronized int executed() {
    return executed;
  }

  synchronized @Nullable Bytes value(String key) {
    return values.get(Bytes.utf8(key));
  }

  private Reply evaluate(Request request) {
    executed++;
    return switch (request.name().asUtf8()) {
      case "PUT" -> new Reply.Simple(
          values.put(request.get(1), request.get(2)) == null ? "PUT_SUCCESS" : "PUT_UPDATE");
      case "GET" -> {
        Bytes value = values.get(request.get(1));
        yield value == null ? Reply.NULL : Reply.bulk(value);
      }
      case "DELETE" -> new Reply.Simple(
          values.remove(request.get(1)) == null ? "DELETE_ERROR" : "DELETE_SUCCESS");
      case "INCR" -> {
        Bytes value = values.get(request.get(1));
        long next = value == null ? 1 : Long.parseLong(value.asUtf8()) + 1;
        values.put(request.get(1), Bytes.utf8(Long.toString(next)));
        yield Reply.integer(next);
      }
      case "KEYRANGE" -> Reply.bulk("KEYRANGE_SUCCESS 0,16383,127.0.0.1:1;");
      default -> Reply.error("ERR unknown command '" + request.name() + "'");
    };
  }
}
