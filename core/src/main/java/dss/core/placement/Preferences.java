package dss.core.placement;

import dss.core.placement.Placement.Site;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeMap;

/** The ring of virtual nodes: in which order a shard prefers servers. */
final class Preferences {
  private static final int VIRTUAL_NODES = 64;

  private final TreeMap<Long, Integer> ring = new TreeMap<>();

  Preferences(List<Site> sites) {
    for (Site site : sites) {
      long base = hash(site.id());
      for (int i = 0; i < VIRTUAL_NODES; i++) {
        ring.put(mix(base + i * 0x9e3779b97f4a7c15L), site.server());
      }
    }
  }

  /** All servers, the one first that comes first clockwise from the shard. */
  List<Integer> of(int shard) {
    long position = mix(0x5ca1ab1eL * (shard + 1));
    var order = new LinkedHashSet<>(ring.tailMap(position).values());
    order.addAll(ring.values());
    return new ArrayList<>(order);
  }

  private static long hash(String text) {
    long h = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      h = (h ^ text.charAt(i)) * 0x100000001b3L;
    }
    return mix(h);
  }

  /** The finalizer of SplitMix64. */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
