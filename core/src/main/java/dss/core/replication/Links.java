package dss.core.replication;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** The links to all other servers, made when first asked for; in the order of server numbers. */
final class Links {
  private final TreeMap<Integer, PeerLink> byServer = new TreeMap<>();
  /** Those with dirty followers, perhaps some without: a turn is not to look at a hundred links for two. */
  private final List<PeerLink> dirty = new ArrayList<>();
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

  /** A link that had no dirty follower has one. */
  void becameDirty(PeerLink link) {
    dirty.add(link);
  }

  /** Gives those that became dirty since the last call, in the order of server numbers. */
  List<PeerLink> takeDirty() {
    if (dirty.isEmpty()) {
      return List.of();
    }
    var taken = new ArrayList<>(dirty);
    taken.sort(Comparator.comparingInt(link -> link.server));
    dirty.clear();
    return taken;
  }

  Collection<PeerLink> all() {
    return byServer.values();
  }
}
