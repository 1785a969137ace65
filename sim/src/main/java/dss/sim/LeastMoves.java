package dss.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How many copies must be made anew, at the least, to spread a few shards over servers evenly. Looks at all ways, shard by
 * shard, by what each server holds so far.
 */
final class LeastMoves {
  private final List<Integer> servers;
  private final int copies;
  /** Of one server. */
  private final int least;
  private final int most;
  private final List<Set<Integer>> choices = new ArrayList<>();

  private LeastMoves(List<Integer> servers, int shards, int replicas) {
    this.servers = servers;
    this.copies = Math.min(replicas, servers.size());
    this.least = shards * copies / servers.size();
    this.most = (shards * copies + servers.size() - 1) / servers.size();
    choose(0, new HashSet<>());
  }

  private void choose(int from, Set<Integer> chosen) {
    if (chosen.size() == copies) {
      choices.add(Set.copyOf(chosen));
      return;
    }
    for (int i = from; i < servers.size(); i++) {
      chosen.add(servers.get(i));
      choose(i + 1, chosen);
      chosen.remove(servers.get(i));
    }
  }

  /**
   * @param held for each shard who holds a copy
   * @param servers that may hold copies, at least one
   */
  static int of(List<Set<Integer>> held, Set<Integer> servers, int replicas) {
    return new LeastMoves(List.copyOf(servers), held.size(), replicas).of(held);
  }

  private int of(List<Set<Integer>> held) {
    Map<Map<Integer, Integer>, Integer> cheapest = Map.of(Map.of(), 0);
    for (Set<Integer> holders : held) {
      var next = new HashMap<Map<Integer, Integer>, Integer>();
      cheapest.forEach((counts, cost) -> extend(counts, cost, holders, next));
      cheapest = next;
    }
    return cheapest.entrySet().stream().filter(way -> isEven(way.getKey())).mapToInt(Map.Entry::getValue)
        .min()
        .orElseThrow();
  }

  private boolean isEven(Map<Integer, Integer> counts) {
    return servers.stream().allMatch(server -> counts.getOrDefault(server, 0) >= least);
  }

  private void extend(Map<Integer, Integer> counts, int cost, Set<Integer> holders,
      Map<Map<Integer, Integer>, Integer> next) {
    for (Set<Integer> choice : choices) {
      var after = new HashMap<>(counts);
      int fresh = 0;
      boolean even = true;
      for (int server : choice) {
        even &= after.merge(server, 1, Integer::sum) <= most;
        fresh += holders.contains(server) ? 0 : 1;
      }
      if (even) {
        next.merge(after, cost + fresh, Math::min);
      }
    }
  }
}
