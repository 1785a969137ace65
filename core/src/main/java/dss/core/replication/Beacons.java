package dss.core.replication;

import dss.core.cluster.ClusterState;
import dss.core.cluster.Row;
import dss.core.planted.PlantedBug;
import dss.core.replication.PeerMessage.Beacon;
import dss.core.replication.PeerMessage.BeaconReply;
import java.util.Set;
import java.util.TreeSet;

/** Beacons to servers that share a shard, and the leases that their answers grant. Source: docs/replication.md, Leases. */
final class Beacons {
  private final Node node;
  private Set<Integer> sharing = new TreeSet<>();

  Beacons(Node node) {
    this.node = node;
  }

  void tick(long now) {
    int interval = node.clusterSettings().beaconMs();
    for (int server : sharing) {
      PeerLink link = node.link(server);
      if (link.connected && now - link.lastBeacon >= interval) {
        send(link, now);
      }
    }
  }

  /** A state is in effect; where a primary has changed all peers hear of it at once: a new primary waits for it. */
  void stateApplied(ClusterState state, boolean primaryChanged) {
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
    if (primaryChanged) {
      for (PeerLink link : node.links().all()) {
        if (link.connected) {
          send(link, node.now());
        }
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
