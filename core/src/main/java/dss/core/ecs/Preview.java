package dss.core.ecs;

import dss.core.placement.Placement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToIntFunction;

/**
 * What a change of the members would come to: for each shard where copies are wanted now and where they would be, the primary
 * first, by numbers of servers.
 */
public record Preview(List<List<Integer>> now, List<List<Integer>> then) {
  /** Of one server. */
  public record Share(int copiesNow, int copiesThen, int primariesNow, int primariesThen) {}

  public Preview {
    now = List.copyOf(now);
    then = List.copyOf(then);
  }

  /** Copies that would be made anew. */
  public int copiesMoved() {
    return Placement.moved(now, then);
  }

  /** Shards of which a copy would be made anew. */
  public int shardsMoved() {
    int moved = 0;
    for (int shard = 0; shard < then.size(); shard++) {
      moved += now.get(shard).containsAll(then.get(shard)) ? 0 : 1;
    }
    return moved;
  }

  /** Shards that would be led by another server. */
  public int primariesMoved() {
    int moved = 0;
    for (int shard = 0; shard < then.size(); shard++) {
      moved += first(now.get(shard)) == first(then.get(shard)) ? 0 : 1;
    }
    return moved;
  }

  /** Most over mean of copies that servers would have; 1 where there are none. */
  public double copiesEvenness() {
    return evenness(Share::copiesThen);
  }

  /** Most over mean of shards that servers would lead; 1 where there are none. */
  public double primariesEvenness() {
    return evenness(Share::primariesThen);
  }

  private double evenness(ToIntFunction<Share> of) {
    var having = shares().values().stream().filter(share -> share.copiesThen() > 0).toList();
    double sum = having.stream().mapToInt(of).sum();
    return sum == 0 ? 1 : having.stream().mapToInt(of).max().orElse(0) * having.size() / sum;
  }

  /** By the numbers of all servers that have or would have some. */
  public Map<Integer, Share> shares() {
    var servers = new TreeSet<Integer>();
    now.forEach(servers::addAll);
    then.forEach(servers::addAll);
    var shares = new TreeMap<Integer, Share>();
    for (int server : servers) {
      shares.put(server, new Share(copies(now, server), copies(then, server), primaries(now, server),
          primaries(then, server)));
    }
    return shares;
  }

  private static int copies(List<List<Integer>> of, int server) {
    return (int) of.stream().filter(copies -> copies.contains(server)).count();
  }

  private static int primaries(List<List<Integer>> of, int server) {
    return (int) of.stream().filter(copies -> first(copies) == server).count();
  }

  private static int first(List<Integer> copies) {
    return copies.isEmpty() ? 0 : copies.getFirst();
  }
}
