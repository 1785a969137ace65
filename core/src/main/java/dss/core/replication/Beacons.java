package dss.core.replication;

import dss.core.cluster.ClusterState;
import dss.core.cluster.Row;
import dss.core.cluster.Settings;
import dss.core.planted.PlantedBug;
import dss.core.replication.PeerMessage.Beacon;
import dss.core.replication.PeerMessage.BeaconReply;
import java.util.BitSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Beacons to servers that share a shard, and the leases that their answers grant: at every beacon interval while reads need
 * the lease, a word is owed or entries come, else now and then. Source: docs/replication.md, Leases; docs/adr/0008-idle-servers.md.
 */
final class Beacons {
  /** Interval where nothing depends on them: who falls silent then is found out a little later, ms. */
  static final int IDLE_MS = 1_000;
  /** The same in beacon intervals, at least. */
  private static final long IDLE_BEACONS = 8;

  private final Node node;
  private Set<Integer> sharing = new TreeSet<>();

  Beacons(Node node) {
    this.node = node;
  }

  void tick(long now) {
    for (int server : sharing) {
      PeerLink link = node.link(server);
      if (link.connected && isDue(link, now)) {
        send(link, now);
      }
    }
  }

  private boolean isDue(PeerLink link, long now) {
    Settings settings = node.clusterSettings();
    if (link.owesWord() || link.broughtEntries || now - link.leaseUsedAt < settings.leaseMs()) {
      return now - link.lastBeacon >= settings.beaconMs();
    }
    // All at the same time, so that those on one machine wake each other seldom; rarer where each has many others.
    long idle = Math.max(IDLE_MS, IDLE_BEACONS * settings.beaconMs());
    return Math.floorDiv(now, idle) != Math.floorDiv(link.lastBeacon, idle);
  }

  /** A read needs what the server there grants. */
  void needLease(PeerLink link, long now) {
    link.leaseUsedAt = now;
    if (!link.leaseHolds(now) && link.connected
        && now - link.lastBeacon >= node.clusterSettings().beaconMs()) {
      send(link, now);
    }
  }

  /**
   * A state is in effect: those whom it makes primaries hear of it at once, as they wait until all others know it; and
   * all hear of it from those, as somebody may have no word of the ECS.
   */
  void stateApplied(ClusterState state, BitSet newPrimaries) {
    var now = new TreeSet<Integer>();
    for (int shard = 0; shard < state.shards(); shard++) {
      Row row = state.row(shard);
      if (row.names(node.self())) {
        now.addAll(row.inSync());
        now.addAll(row.wanted());
      }
    }
    now.remove(node.self());
    sharing = now;
    for (PeerLink link : node.links().all()) {
      if (link.connected && (newPrimaries.get(link.server) || newPrimaries.get(node.self()))) {
        send(link, node.now());
      }
    }
  }

  private void send(PeerLink link, long now) {
    node.messages().send(link, new Beacon(link.beaconSent(now)));
  }

  void beacon(PeerLink from, Beacon beacon) {
    from.grantUntil = Math.max(from.grantUntil, node.now() + node.clusterSettings().graceMs());
    node.messages().send(from, new BeaconReply(beacon.n()));
  }

  void reply(PeerLink from, BeaconReply reply) {
    Long sentAt = from.sentAt(reply.n());
    if (sentAt == null) {
      return;
    }
    long counted = node.bug(PlantedBug.LEASE_FROM_RECEIPT) ? node.now() : sentAt;
    boolean held = from.leaseHolds(node.now());
    from.leaseUntil = Math.max(from.leaseUntil, counted + node.clusterSettings().leaseMs());
    if (!held) {
      node.ticks().leasesRenewed();
    }
  }
}
