package dss.core.placement;

import dss.core.placement.Placement.Site;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/** Chooses which copy of each shard is the preferred primary: evenly, one with space, the present one where that may stay. */
final class PrimaryPlan {
  private final List<Site> sites;
  private final Set<Integer> full;
  private final List<List<Integer>> current;

  PrimaryPlan(List<Site> sites, List<List<Integer>> current) {
    this.sites = sites;
    this.full = sites.stream().filter(Site::full).map(Site::server).collect(Collectors.toSet());
    this.current = current;
  }

  List<List<Integer>> order(List<List<Integer>> placed) {
    List<List<Integer>> candidates = placed.stream().map(this::candidates).toList();
    var primary = new int[placed.size()];
    var counts = new Counts();
    for (int shard = 0; shard < placed.size(); shard++) {
      List<Integer> was = current.get(shard);
      if (!was.isEmpty() && candidates.get(shard).contains(was.get(0))) {
        primary[shard] = was.get(0);
        counts.add(was.get(0), 1);
      }
    }
    for (int shard = 0; shard < placed.size(); shard++) {
      if (primary[shard] == 0) {
        int least = candidates.get(shard).get(0);
        for (int server : candidates.get(shard)) {
          least = counts.of(server) < counts.of(least) ? server : least;
        }
        primary[shard] = least;
        counts.add(least, 1);
      }
    }
    level(candidates, primary, counts);
    return ordered(placed, primary);
  }

  /** First to those who have too few, so that nobody gives more than the surplus; then whatever is uneven still. */
  private void level(List<List<Integer>> candidates, int[] primary, Counts counts) {
    int leaders = Math.max(1, sites.size() - full.size());
    int floor = primary.length / leaders;
    int ceil = (primary.length + leaders - 1) / leaders;
    giveAway(ceil, to -> counts.of(to) < floor, candidates, primary, counts);
    giveAway(ceil, to -> counts.of(to) < ceil, candidates, primary, counts);
    giveAway(floor, to -> counts.of(to) < floor, candidates, primary, counts);
    boolean given = true;
    while (given) {
      given = false;
      for (Site site : sites) {
        int from = site.server();
        while (give(from, to -> counts.of(to) <= counts.of(from) - 2, candidates, primary, counts)) {
          given = true;
        }
      }
    }
  }

  /** Whoever leads more than {@code keeps} gives to these until it does not, or cannot. */
  private void giveAway(int keeps, IntPredicate may, List<List<Integer>> candidates, int[] primary,
      Counts counts) {
    for (Site site : sites) {
      boolean given = true;
      while (given && counts.of(site.server()) > keeps) {
        given = give(site.server(), may, candidates, primary, counts);
      }
    }
  }

  /** Who may lead: the copies whose disk has space, all where none has. */
  private List<Integer> candidates(List<Integer> copies) {
    List<Integer> withSpace = copies.stream().filter(server -> !full.contains(server)).toList();
    return withSpace.isEmpty() ? copies : withSpace;
  }

  /**
   * Finds the shortest chain of shards from a server to one that may get more, and shifts primaries along it. Where there
   * is none for anyone to one that leads two fewer at least, the primaries are as even as these copies allow (Harvey,
   * Ladner, Lovász, Tamir, J. Algorithms 59 (2006), theorem 3.1).
   */
  private static boolean give(int from, IntPredicate may, List<List<Integer>> candidates, int[] primary,
      Counts counts) {
    var via = new HashMap<Integer, Integer>();
    var queue = new ArrayDeque<Integer>();
    var seen = new TreeSet<Integer>();
    queue.add(from);
    seen.add(from);
    while (!queue.isEmpty()) {
      int server = queue.remove();
      if (server != from && may.test(server)) {
        for (int at = server; at != from;) {
          int shard = via.getOrDefault(at, -1);
          int before = primary[shard];
          primary[shard] = at;
          at = before;
        }
        counts.add(from, -1);
        counts.add(server, 1);
        return true;
      }
      for (int shard = 0; shard < primary.length; shard++) {
        if (primary[shard] == server) {
          for (int to : candidates.get(shard)) {
            if (seen.add(to)) {
              via.put(to, shard);
              queue.add(to);
            }
          }
        }
      }
    }
    return false;
  }

  private static List<List<Integer>> ordered(List<List<Integer>> placed, int[] primary) {
    var ordered = new ArrayList<List<Integer>>(placed.size());
    for (int shard = 0; shard < placed.size(); shard++) {
      var servers = new ArrayList<Integer>();
      servers.add(primary[shard]);
      for (int server : placed.get(shard)) {
        if (server != primary[shard]) {
          servers.add(server);
        }
      }
      ordered.add(List.copyOf(servers));
    }
    return ordered;
  }
}
