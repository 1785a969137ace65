package dss.drill;

import dss.core.cluster.Address;
import dss.protocol.Bytes;
import dss.protocol.Request;
import dss.protocol.Slots;
import dss.wire.ClientConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A bare cluster client: asks whom it knows and follows redirects, and that is all. */
public final class PlainOnce implements Once {
  private static final Duration REPLY = Duration.ofSeconds(2);
  private static final Duration AVOIDED = Duration.ofSeconds(3);
  private static final int REDIRECTS = 5;

  private final Asking asking;
  private final List<Address> known;
  private int next;
  private final Map<Integer, Address> owners = new HashMap<>();
  private final Map<Address, ClientConnection> open = new HashMap<>();
  /** When a server failed last. */
  private final Map<Address, Long> failed = new HashMap<>();

  /** @param known the servers it asks where it does not know better, beginning with the one at {@code first} */
  public PlainOnce(Asking asking, List<Address> known, int first) {
    this.asking = asking;
    this.known = List.copyOf(known);
    this.next = first;
  }

  @Override
  public Outcome call(String key, String... words) {
    int slot = Slots.of(Bytes.utf8(key));
    Outcome outcome = new Outcome.NotDone("no server was asked");
    for (int i = 0; i <= REDIRECTS; i++) {
      Address at = owners.computeIfAbsent(slot, any -> nextKnown());
      outcome = at(at, words);
      if (outcome instanceof Outcome.NotDone not && not.why().startsWith("MOVED ")) {
        owners.put(slot, Address.parse(not.why().substring(not.why().lastIndexOf(' ') + 1)));
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
  private Address nextKnown() {
    for (int i = 0; i < known.size(); i++) {
      Address at = known.get(next++ % known.size());
      Long failure = failed.get(at);
      if (failure == null || System.nanoTime() - failure > AVOIDED.toNanos()) {
        return at;
      }
    }
    return known.get(next++ % known.size());
  }

  private Outcome at(Address at, String... words) {
    ClientConnection connection = open.get(at);
    if (connection == null || !connection.isOpen()) {
      try {
        connection = asking.connect(at);
      } catch (IOException e) {
        failed.put(at, System.nanoTime());
        return Outcome.noConnection(e);
      }
      open.put(at, connection);
    }
    try {
      return OwnOnce.answer(Asking.wait(connection.send(Request.of(words)), REPLY));
    } catch (IOException e) {
      failed.put(at, System.nanoTime());
      open.remove(at);
      connection.close();
      return new Outcome.Unknown(e.toString());
    }
  }

  @Override
  public void close() {
    open.values().forEach(ClientConnection::close);
  }
}
