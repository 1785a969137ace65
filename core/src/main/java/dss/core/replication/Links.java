package dss.core.replication;

import java.util.Collection;
import java.util.TreeMap;

/** The links to all other servers, made when first asked for; in the order of server numbers. */
final class Links {
  private final TreeMap<Integer, PeerLink> byServer = new TreeMap<>();
  private long graceOfRestart;

  /** Servers first heard of later get the same grace: an earlier life of ours may have known them. */
  void graceUntil(long time) {
    graceOfRestart = time;
    for (PeerLink link : byServer.values()) {
      link.graceOfRestart = time;
    }
  }

  PeerLink to(int server) {
    return byServer.computeIfAbsent(server, s -> new PeerLink(s, graceOfRestart));
  }

  Collection<PeerLink> all() {
    return byServer.values();
  }
}
