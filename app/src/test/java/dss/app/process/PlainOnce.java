package dss.app.process;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A bare cluster client: asks whom it knows and follows redirects, and that is all. */
final class PlainOnce implements Once {
  private static final Duration REPLY = Duration.ofSeconds(2);
  private static final Duration AVOIDED = Duration.ofSeconds(3);
  private static final int REDIRECTS = 5;

  private final List<Node> known;
  private int next;
  private final Map<Integer, Integer> owners = new HashMap<>();
  private final Map<Integer, Resp> open = new HashMap<>();
  /** When a server, by its port, failed last. */
  private final Map<Integer, Long> failed = new HashMap<>();

  /** @param known the servers it asks where it does not know better, beginning with the one at {@code first} */
  PlainOnce(List<Node> known, int first) {
    this.known = List.copyOf(known);
    this.next = first;
  }

  @Override
  public Outcome call(String key, String... words) {
    int slot = Ring.slot(key);
    Outcome outcome = new Outcome.NotDone("no server was asked");
    for (int i = 0; i <= REDIRECTS; i++) {
      int port = owners.computeIfAbsent(slot, any -> nextPort());
      outcome = at(port, words);
      if (outcome instanceof Outcome.NotDone not && not.why().startsWith("MOVED ")) {
        owners.put(slot, Integer.parseInt(not.why().substring(not.why().lastIndexOf(':') + 1)));
      } else {
        break;
      }
    }
    if (!(outcome instanceof Outcome.Answered)) {
      owners.remove(slot);
    }
    return outcome;
  }

  /** Of the known in turn, those that failed just now left out where there are others. */
  private int nextPort() {
    for (int i = 0; i < known.size(); i++) {
      int port = known.get(next++ % known.size()).port();
      Long at = failed.get(port);
      if (at == null || System.nanoTime() - at > AVOIDED.toNanos()) {
        return port;
      }
    }
    return known.get(next++ % known.size()).port();
  }

  private Outcome at(int port, String... words) {
    Resp connection = open.get(port);
    if (connection == null) {
      try {
        connection = new Resp(port);
        connection.timeout(REPLY);
      } catch (IOException e) {
        failed.put(port, System.nanoTime());
        return Outcome.noConnection(e);
      }
      open.put(port, connection);
    }
    try {
      Object reply = connection.call(words);
      return reply instanceof Resp.Err error ? Outcome.ofError(error.text()) : new Outcome.Answered(reply);
    } catch (IOException e) {
      failed.put(port, System.nanoTime());
      open.remove(port);
      connection.close();
      return new Outcome.Unknown(e.toString());
    }
  }

  @Override
  public void close() {
    open.values().forEach(Resp::close);
  }
}
