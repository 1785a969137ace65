package dss.core.replication;

import dss.core.entry.RequestId;
import dss.core.entry.RequestWindow;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many outcomes a shard remembers of each client: those of its last requests, and of all that are young
 * ({@link NodeSettings#outcomesKept}, {@link NodeSettings#outcomesKeptMs}). A new primary begins to count anew and so
 * forgets later. Loop only. Source: docs/adr/0007.
 */
final class RequestWindows {
  /** Clients whose requests are counted at once; of others more is remembered. */
  private static final int CLIENTS = 256;

  /** The requests of one client that were executed since its window last moved. */
  final class Counted {
    private RequestWindow window;
    private int count;
    private long since;
    private long highest;

    private Counted(RequestWindow window) {
      begin(window);
    }

    private void begin(RequestWindow from) {
      window = from;
      count = 0;
      // A floor never falls, whatever seqs come.
      highest = from.next();
    }

    boolean forgotten(long requestSeq) {
      return requestSeq <= window.floor();
    }

    /** Whether the next request, at this time, is to move the window. */
    boolean isFull(long time) {
      return count >= settings.outcomesKept && time - since >= settings.outcomesKeptMs * 1_000;
    }

    /** The window once it has moved. */
    RequestWindow moved() {
      return new RequestWindow(window.next(), highest);
    }

    /** A request was appended, with {@link #moved()} where this was full. */
    void count(long requestSeq, long time) {
      if (isFull(time)) {
        begin(moved());
      }
      since = count == 0 ? time : since;
      count++;
      highest = Math.max(highest, requestSeq);
    }
  }

  private final NodeSettings settings;
  private final Map<RequestId.Client, Counted> clients = new LinkedHashMap<>(16, 0.75f, true) {
    @Override
    protected boolean removeEldestEntry(Map.Entry<RequestId.Client, Counted> eldest) {
      return size() > CLIENTS;
    }
  };

  RequestWindows(NodeSettings settings) {
    this.settings = settings;
  }

  @Nullable
  Counted of(RequestId.Client client) {
    return clients.get(client);
  }

  Counted put(RequestId.Client client, RequestWindow stored) {
    var counted = new Counted(stored);
    clients.put(client, counted);
    return counted;
  }
}
