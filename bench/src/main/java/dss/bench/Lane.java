package dss.bench;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;

/** One server as a loop sees it: what waits for it, and the connections that have nothing to send. Loop only. */
final class Lane {
  private final Endpoint endpoint;
  private final InetSocketAddress address;
  private final OpQueue waiting = new OpQueue();
  private final OpQueue again = new OpQueue();
  private final ArrayDeque<LoadConnection> idle = new ArrayDeque<>();

  Lane(Endpoint endpoint) {
    this.endpoint = endpoint;
    // Resolved here, once: the loop must not wait for a name at each connect.
    this.address = new InetSocketAddress(endpoint.host(), endpoint.port());
  }

  Endpoint endpoint() {
    return endpoint;
  }

  InetSocketAddress address() {
    return address;
  }

  /** What was drawn for this server and is not sent. */
  OpQueue waiting() {
    return waiting;
  }

  /** What was sent before, here or elsewhere, and is to be sent here: its latency grows, so it comes first. */
  OpQueue again() {
    return again;
  }

  boolean hasWork() {
    return !again.isEmpty() || !waiting.isEmpty();
  }

  ArrayDeque<LoadConnection> idle() {
    return idle;
  }
}
