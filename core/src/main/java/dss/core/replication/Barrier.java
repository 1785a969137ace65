package dss.core.replication;

import java.util.HashMap;
import java.util.Map;

/**
 * What a server that became primary waits for before it serves: for every other server, that what it was
 * granted has run out, or that it has seen the version that made this one primary. One for all shards of a version.
 * Source: docs/replication.md, Leases.
 */
final class Barrier {
  private final long version;
  private final Map<Integer, Long> until = new HashMap<>();

  Barrier(long version) {
    this.version = version;
  }

  void waitFor(int server, long time) {
    until.put(server, time);
  }

  /** The server's process is known to be gone: it reads no more. */
  void lift(int server) {
    until.remove(server);
  }

  /** Whether all is over; what is over once stays so. */
  boolean passed(long now, Links links) {
    if (until.isEmpty()) {
      return true;
    }
    until.entrySet().removeIf(e -> now > e.getValue() || links.to(e.getKey()).seenVersion >= version);
    return until.isEmpty();
  }
}
