package dss.core.replication;

import dss.core.entry.RequestId;
import dss.core.entry.RequestWindow;
import dss.protocol.Bytes;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many outcomes a shard remembers of each client: those of the last thousand requests, and of all that are younger
 * than a minute. A new primary begins to count anew and so forgets later. Loop only. Source: docs/adr/0007.
 */
final class RequestWindows {
  static final int REQUESTS = 1_000;
  static final long AT_LEAST_MICROS = 60_000_000;
  /** Clients whose requests are counted at once; of others more is remembered. */
  private static final int CLIENTS = 256;

  /** The requests of one client that were executed since the window last moved. */
  static final class Counted {
    private RequestWindow window;
    private int count;
    private long since = Long.MAX_VALUE;
    private long highest = -1;

    private Counted(RequestWindow window) {
      this.window = window;
    }

    boolean forgotten(long requestSeq) {
      return requestSeq <= window.floor();
    }

    private RequestWindow moved() {
      return new RequestWindow(window.next(), highest);
    }

    private boolean isFull(long time) {
      return count >= REQUESTS && time - since >= AT_LEAST_MICROS;
    }
  }

  private final Map<Bytes, Counted> clients = new LinkedHashMap<>(16, 0.75f, true) {
    @Override
    protected boolean removeEldestEntry(Map.Entry<Bytes, Counted> eldest) {
      return size() > CLIENTS;
    }
  };

  @Nullable
  Counted of(Bytes windowKey) {
    return clients.get(windowKey);
  }

  Counted put(Bytes windowKey, RequestWindow stored) {
    var counted = new Counted(stored);
    clients.put(windowKey, counted);
    return counted;
  }

  /** What the entry of a request has to say of its client's window, beside its outcome; null: nothing. */
  @Nullable
  RequestWindow moved(RequestId id, long time) {
    Counted counted = clients.get(id.windowKey());
    return counted != null && counted.isFull(time) ? counted.moved() : null;
  }

  /** The request was appended, with what {@link #moved} said. */
  void appended(RequestId id, long time) {
    Counted counted = clients.get(id.windowKey());
    if (counted == null) {
      return;
    }
    if (counted.isFull(time)) {
      counted.window = counted.moved();
      counted.count = 0;
      counted.since = Long.MAX_VALUE;
    }
    counted.count++;
    counted.since = Math.min(counted.since, time);
    counted.highest = Math.max(counted.highest, id.requestSeq());
  }
}
