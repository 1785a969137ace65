package dss.core.replication;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which shards time has something to do with: those that are active at every tick, all that are led here at every beacon
 * interval.
 */
final class Ticks {
  /** Ticks further apart than this: the process did not run in between, ms. */
  private static final int SLEPT_MS = 10 * Node.TICK_MS;

  private final Node node;
  private final Set<Replica> active = new LinkedHashSet<>();
  private long allTickedAt = Node.LONG_AGO;
  private long tickedAt = Node.LONG_AGO;
  private long awakeSince = Node.LONG_AGO;

  Ticks(Node node) {
    this.node = node;
  }

  void activate(Replica replica) {
    active.add(replica);
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
      active().forEach(replica -> tick(replica, now));
    }
  }

  void tickAll(long now) {
    allTickedAt = now;
    for (Replica replica : node.replicas()) {
      if (replica.isPrimary() || active.contains(replica)) {
        tick(replica, now);
      }
    }
  }

  private void tick(Replica replica, long now) {
    replica.tick(now);
    if (replica.quiet()) {
      active.remove(replica);
    } else {
      active.add(replica);
    }
  }
}
