package dss.core.replication;

import java.util.ArrayList;
import java.util.List;

/**
 * Which shards time has something to do with: all that are led here at every beacon interval, those where something is
 * under way that is not the daily work of a primary (a change, a copy, commands that wait) at every tick.
 */
final class Ticks {
  /** Ticks further apart than this: the process did not run in between, ms. */
  private static final int SLEPT_MS = Node.IDLE_TICK_MS + 9 * Node.TICK_MS;

  private final Node node;
  private final List<Replica> active = new ArrayList<>();
  private long allTickedAt = Node.LONG_AGO;
  private long tickedAt = Node.LONG_AGO;
  private long awakeSince = Node.LONG_AGO;

  Ticks(Node node) {
    this.node = node;
  }

  void activate(Replica replica) {
    if (!replica.active) {
      replica.active = true;
      active.add(replica);
    }
  }

  boolean anyActive() {
    return !active.isEmpty();
  }

  /** The active ones as they are now. */
  List<Replica> active() {
    return List.copyOf(active);
  }

  /** Leases were renewed: reads that waited for them may go on. */
  void leasesRenewed() {
    for (Replica replica : active()) {
      replica.drain();
      replica.unpark();
    }
  }

  /** The end of the last pause of this process: nothing before it counts as silence of others. */
  long awakeSince() {
    return awakeSince;
  }

  /** After a pause what the others sent meanwhile may still be unread: their silence begins now. */
  void wake(long now) {
    if (now - tickedAt > SLEPT_MS) {
      awakeSince = now;
    }
    tickedAt = now;
  }

  void tick(long now) {
    if (now - allTickedAt >= node.clusterSettings().beaconMs()) {
      tickAll(now);
    } else {
      tickActive(now);
    }
  }

  void tickAll(long now) {
    allTickedAt = now;
    for (Replica replica : node.replicas()) {
      if (replica.isPrimary()) {
        activate(replica);
      }
    }
    tickActive(now);
  }

  private void tickActive(long now) {
    // Some may become active meanwhile: they come next time.
    for (int i = 0, count = active.size(); i < count; i++) {
      active.get(i).tick(now);
    }
    active.removeIf(replica -> {
      replica.active = !replica.quiet();
      return !replica.active;
    });
  }
}
