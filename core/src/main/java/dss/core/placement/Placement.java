package dss.core.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Decides where copies are wanted: consistent hashing with bounded loads, sticky. Each server has virtual nodes on the
 * ring; a shard prefers the servers clockwise from it, different zones and hosts first; quotas (floor or ceil of the
 * mean, for copies and for primaries separately) bound each server's share; what is well placed stays. Pure.
 * Source: docs/architecture.md, Placement; Mirrokni et al., Consistent Hashing with Bounded Loads.
 */
public final class Placement {
  private final List<Site> sites;
  private final int copies;
  private final int least;
  private final Preferences preferences;

  /**
   * A server that may hold copies.
   *
   * @param full its disk is: it keeps what it has, leads where no copy with space can, and gets nothing more while
   *     a shard has the least copies without it
   */
  public record Site(int server, String id, String host, String zone, boolean full) {
    public Site(int server, String id, String host, String zone) {
      this(server, id, host, zone, false);
    }
  }

  /**
   * @param sites who may hold copies, each server once
   * @param copies wanted of each shard; fewer where there are fewer sites, or too few with space
   * @param least copies without which a shard takes no writes; at least 1
   */
  public Placement(List<Site> sites, int copies, int least) {
    this.sites = sites.stream().sorted(Comparator.comparingInt(Site::server)).toList();
    this.copies = Math.min(copies, sites.size());
    this.least = Math.min(Math.max(1, least), this.copies);
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
    var plan = new CopyPlan(sites, copies, least, preferences, current);
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

  /**
   * Bounds of shares: everyone gets floor or ceil of the mean, those who have most get the ceils. One that can take
   * less ({@code most}) gets that, and the others share the rest.
   */
  static Counts quotas(List<Site> sites, int total, Counts held, ToIntFunction<Site> most) {
    var quotas = new Counts();
    var open = new ArrayList<>(sites);
    open.sort(Comparator.<Site>comparingInt(s -> -held.of(s.server())).thenComparingInt(Site::server));
    int left = total;
    for (Site tight = tight(open, left, most); tight != null; tight = tight(open, left, most)) {
      quotas.add(tight.server(), most.applyAsInt(tight));
      left -= most.applyAsInt(tight);
      open.remove(tight);
    }
    for (int i = 0; i < open.size(); i++) {
      quotas.add(open.get(i).server(), left / open.size() + (i < left % open.size() ? 1 : 0));
    }
    return quotas;
  }

  /** One that can take no more than the mean. */
  private static @Nullable Site tight(List<Site> open, int total, ToIntFunction<Site> most) {
    for (Site site : open) {
      if (most.applyAsInt(site) <= total / open.size()) {
        return site;
      }
    }
    return null;
  }

  static Counts count(List<List<Integer>> shards) {
    var counts = new Counts();
    shards.forEach(shard -> shard.forEach(server -> counts.add(server, 1)));
    return counts;
  }
}
