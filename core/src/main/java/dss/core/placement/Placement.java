package dss.core.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Decides where copies are wanted: consistent hashing with bounded loads, sticky. Each server has virtual nodes on the
 * ring; a shard prefers the servers clockwise from it, different zones and hosts first; quotas (floor or ceil of the
 * mean, for copies and for primaries separately) bound each server's share; what is well placed stays. Pure.
 * Source: docs/architecture.md, Placement; Mirrokni et al., Consistent Hashing with Bounded Loads.
 */
public final class Placement {
  private final List<Site> sites;
  private final int copies;
  private final Preferences preferences;

  /**
   * A server that may hold copies.
   *
   * @param full it keeps what it has and gets nothing more
   */
  public record Site(int server, String id, String host, String zone, boolean full) {
    public Site(int server, String id, String host, String zone) {
      this(server, id, host, zone, false);
    }
  }

  /**
   * @param sites who may hold copies, each server once
   * @param copies wanted of each shard; fewer where there are fewer sites
   */
  public Placement(List<Site> sites, int copies) {
    this.sites = sites.stream().sorted(Comparator.comparingInt(Site::server)).toList();
    this.copies = Math.min(copies, sites.size());
    this.preferences = new Preferences(this.sites);
  }

  /**
   * Where copies are wanted, for each shard the primary first.
   *
   * @param current for each shard where they are wanted now, the primary first; servers that are no sites are left
   */
  public List<List<Integer>> place(List<List<Integer>> current) {
    if (sites.isEmpty()) {
      return current;
    }
    var plan = new CopyPlan(sites, copies, preferences, current);
    List<List<Integer>> placed = plan.place();
    return new PrimaryPlan(sites, current).order(placed);
  }

  /** Copies in {@code to} that are not in {@code from}: what would have to move. */
  public static int moved(List<List<Integer>> from, List<List<Integer>> to) {
    int moved = 0;
    for (int shard = 0; shard < to.size(); shard++) {
      for (int server : to.get(shard)) {
        moved += from.get(shard).contains(server) ? 0 : 1;
      }
    }
    return moved;
  }

  /** Bounds of shares: everyone gets floor or ceil of the mean, those who have most get the ceils. */
  static Counts quotas(List<Site> sites, int total, Counts held) {
    int floor = total / sites.size();
    int ceils = total % sites.size();
    var byHeld = new ArrayList<>(sites);
    byHeld.sort(Comparator.<Site>comparingInt(s -> -held.of(s.server())).thenComparingInt(Site::server));
    var quotas = new Counts();
    for (int i = 0; i < byHeld.size(); i++) {
      quotas.add(byHeld.get(i).server(), i < ceils ? floor + 1 : floor);
    }
    return quotas;
  }

  /** The same in all, but a full server's room given to others. */
  static Counts withoutRoomOfFull(Counts quotas, List<Site> sites, Counts held) {
    var open = sites.stream().filter(site -> !site.full()).toList();
    if (open.isEmpty() || open.size() == sites.size()) {
      return quotas;
    }
    int next = 0;
    for (Site site : sites) {
      for (int room = quotas.of(site.server()) - held.of(site.server()); site.full() && room > 0; room--) {
        quotas.add(site.server(), -1);
        quotas.add(open.get(next++ % open.size()).server(), 1);
      }
    }
    return quotas;
  }

  static Counts count(List<List<Integer>> shards) {
    var counts = new Counts();
    shards.forEach(shard -> shard.forEach(server -> counts.add(server, 1)));
    return counts;
  }
}
