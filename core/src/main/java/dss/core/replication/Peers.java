package dss.core.replication;

/** What becomes of the main connections to other servers, and who is to hear of it. Loop only. */
final class Peers {
  private final Node node;

  Peers(Node node) {
    this.node = node;
  }

  void connected(int server, long boot) {
    PeerLink link = node.link(server);
    link.opened(boot, node.now());
    node.messages().greet(link);
    for (Replica replica : node.replicas()) {
      Primary primary = replica.primary();
      if (primary != null) {
        primary.connected(link);
        node.ticks().activate(replica);
      }
    }
  }

  void disconnected(int server) {
    PeerLink link = node.link(server);
    if (!link.connected) {
      return;
    }
    link.closed(node.now());
    for (Replica replica : node.replicas()) {
      Primary primary = replica.primary();
      if (primary != null) {
        primary.disconnected(link);
        node.ticks().activate(replica);
      }
    }
  }

  void refused(int server) {
    PeerLink link = node.link(server);
    if (link.connected) {
      return;
    }
    link.refused = true;
    if (node.clusterSettings().trustRefused()) {
      link.grantUntil = Node.LONG_AGO;
      link.graceOfRestart = Node.LONG_AGO;
      node.barriers().lift(server);
    }
    node.ticks().tickAll(node.now());
  }
}
