package dss.core.placement;

import dss.core.placement.Placement.Site;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** One placing of copies: keep what is well placed, fill holes, then move from those with most to those with least. */
final class CopyPlan {
  private final Map<Integer, Site> sites = new TreeMap<>();
  private final int copies;
  private final int least;
  private final Preferences preferences;
  private final List<List<Integer>> current;
  private final List<List<Integer>> shards = new ArrayList<>();
  private final Counts held;
  private Counts quotas;

  CopyPlan(List<Site> sites, int copies, int least, Preferences preferences, List<List<Integer>> current) {
    sites.forEach(site -> this.sites.put(site.server(), site));
    this.copies = copies;
    this.least = least;
    this.preferences = preferences;
    this.current = current;
    for (List<Integer> wanted : current) {
      var kept = new ArrayList<Integer>();
      for (int server : wanted) {
        if (this.sites.containsKey(server) && kept.size() < copies) {
          kept.add(server);
        }
      }
      shards.add(kept);
    }
    this.held = Placement.count(shards);
    this.quotas = quotas();
  }

  private Counts quotas() {
    return Placement.quotas(List.copyOf(sites.values()), shards.size() * copies, held,
        site -> site.full() ? held.of(site.server()) : shards.size());
  }

  List<List<Integer>> place() {
    fillHoles();
    spreadConflicts();
    // Who has more by now, as a hole could not be filled elsewhere, is to keep that where somebody may have more.
    quotas = quotas();
    level();
    return shards;
  }

  private void fillHoles() {
    for (int shard = 0; shard < shards.size(); shard++) {
      List<Integer> chosen = shards.get(shard);
      while (chosen.size() < copies) {
        int server = bestFor(shard, chosen, false);
        if (server < 0 && chosen.size() < least) {
          server = bestFor(shard, chosen, true);
        }
        if (server < 0) {
          break;
        }
        chosen.add(server);
        held.add(server, 1);
      }
    }
  }

  /**
   * No conflict of zone or host first, then below its quota, where none is whoever holds least, then the shard's own
   * preference; only servers that are full, or only those that are not. -1 where there is none.
   */
  private int bestFor(int shard, List<Integer> chosen, boolean full) {
    int best = -1;
    long bestCost = Long.MAX_VALUE;
    int place = 0;
    for (int server : preferences.of(shard)) {
      place++;
      if (chosen.contains(server) || isFull(server) != full) {
        continue;
      }
      int over = Math.max(0, held.of(server) + 1 - quotas.of(server));
      long load = over > 0 ? over * 1_000_000L + held.of(server) : 0;
      long cost = (conflict(server, chosen) * 1_000_000_000_000L + load) * 1_000 + place;
      if (cost < bestCost) {
        bestCost = cost;
        best = server;
      }
    }
    return best;
  }

  private boolean isFull(int server) {
    Site site = sites.get(server);
    return site != null && site.full();
  }

  /** 2 for another copy in the same zone (where zones are named), 1 for one on the same host. */
  private int conflict(int server, List<Integer> others) {
    Site site = sites.get(server);
    int conflict = 0;
    for (int other : others) {
      Site with = sites.get(other);
      if (other == server || with == null || site == null) {
        continue;
      }
      if (!site.zone().isEmpty() && site.zone().equals(with.zone())) {
        conflict += 2;
      }
      conflict += site.host().equals(with.host()) ? 1 : 0;
    }
    return conflict;
  }

  private int conflictOf(List<Integer> shard) {
    int conflict = 0;
    for (int server : shard) {
      conflict += conflict(server, shard);
    }
    return conflict;
  }

  /** Moves copies of shards that have two in one zone or on one host, where another place is free of that. */
  private void spreadConflicts() {
    for (int shard = 0; shard < shards.size(); shard++) {
      List<Integer> chosen = shards.get(shard);
      for (int i = chosen.size() - 1; i >= 0 && conflictOf(chosen) > 0; i--) {
        int from = chosen.get(i);
        var others = new ArrayList<>(chosen);
        others.remove(i);
        if (conflict(from, others) == 0) {
          continue;
        }
        int to = bestFor(shard, others, false);
        if (to >= 0 && conflict(to, others) < conflict(from, others)) {
          chosen.set(i, to);
          held.add(from, -1);
          held.add(to, 1);
        }
      }
    }
  }

  /** Moves copies from servers above their quota to servers below it, without making conflicts worse. */
  private void level() {
    chain(true);
    var over = new TreeSet<Integer>();
    for (int server : sites.keySet()) {
      if (held.of(server) > quotas.of(server)) {
        over.add(server);
      }
    }
    for (int from : over) {
      var index = shardsOf(from);
      while (held.of(from) > quotas.of(from) && moveOne(from, index)) {
        // each turn moves one copy
      }
    }
    chain(false);
  }

  private List<Integer> shardsOf(int server) {
    var of = new ArrayList<Integer>();
    for (int shard = 0; shard < shards.size(); shard++) {
      if (shards.get(shard).contains(server)) {
        of.add(shard);
      }
    }
    return of;
  }

  private boolean moveOne(int from, List<Integer> candidates) {
    int bestShard = -1;
    int bestTo = -1;
    int bestCost = Integer.MAX_VALUE;
    for (int to : sites.keySet()) {
      int room = quotas.of(to) - held.of(to);
      if (room <= 0 || isFull(to)) {
        continue;
      }
      for (int shard : candidates) {
        List<Integer> chosen = shards.get(shard);
        int at = chosen.indexOf(from);
        if (at < 0 || chosen.contains(to)) {
          continue;
        }
        // A backup moves more cheaply than a primary, and the emptiest server is filled first.
        int cost = worse(shard, from, to) * 1_000_000 + (at == 0 ? 1_000 : 0) - Math.min(room, 500);
        if (cost < bestCost && worse(shard, from, to) <= 0) {
          bestCost = cost;
          bestShard = shard;
          bestTo = to;
        }
      }
    }
    if (bestShard < 0) {
      return false;
    }
    replace(bestShard, from, bestTo);
    candidates.remove((Integer) bestShard);
    return true;
  }

  private int worse(int shard, int from, int to) {
    var others = new ArrayList<>(shards.get(shard));
    others.remove((Integer) from);
    return conflict(to, others) - conflict(from, others);
  }

  private void replace(int shard, int from, int to) {
    List<Integer> chosen = shards.get(shard);
    chosen.set(chosen.indexOf(from), to);
    held.add(from, -1);
    held.add(to, 1);
  }

  /**
   * Where a server above its quota can give to none below directly, it gives to a third one that can. Copies that are
   * to be made anyway ({@code onlyNew}) change their place for nothing.
   */
  private void chain(boolean onlyNew) {
    for (int from : sites.keySet()) {
      int tries = 0;
      while (held.of(from) > quotas.of(from) && tries++ < shards.size()) {
        if (!chainFrom(from, onlyNew)) {
          break;
        }
      }
    }
  }

  private void shift(Map<Integer, int[]> parent, int to) {
    int at = to;
    for (int[] step = parent.get(at); step != null && step[0] >= 0; step = parent.get(at)) {
      replace(step[1], step[0], at);
      at = step[0];
    }
  }

  private boolean chainFrom(int from, boolean onlyNew) {
    var parent = new HashMap<Integer, int[]>();
    var queue = new ArrayList<Integer>();
    queue.add(from);
    parent.put(from, new int[]{-1, -1});
    for (int i = 0; i < queue.size(); i++) {
      int server = queue.get(i);
      if (held.of(server) < quotas.of(server)) {
        shift(parent, server);
        return true;
      }
      for (int shard : shardsOf(server)) {
        if (onlyNew && current.get(shard).contains(server)) {
          continue;
        }
        for (int to : sites.keySet()) {
          boolean may = !parent.containsKey(to) && !isFull(to) && !shards.get(shard).contains(to);
          if (may && worse(shard, server, to) <= 0) {
            parent.put(to, new int[]{server, shard});
            queue.add(to);
          }
        }
      }
    }
    return false;
  }
}
