package dss.sim;

import dss.core.cluster.ClusterState;
import dss.core.cluster.ServerInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * When all is well at the end, one server joins or leaves: no more copies may be made than must be, in whatever state the
 * faults have left the cluster.
 */
final class LastMove {
  private final Cluster cluster;
  private final ClusterState before;
  private final SimServer server;
  private final boolean joins;
  private final long copiesBefore;

  private LastMove(Cluster cluster, SimServer server, boolean joins) {
    this.cluster = cluster;
    this.before = cluster.ecs.state();
    this.server = server;
    this.joins = joins;
    this.copiesBefore = cluster.checks.copiesWanted();
  }

  /** Begins one; null: nobody can join or leave. */
  static @Nullable LastMove begin(Cluster cluster, Draws draws) {
    ClusterState state = cluster.ecs.state();
    boolean nearlyFull = state.servers().stream()
        .anyMatch(s -> cluster.ecs.controller().report(s.number()).diskLow());
    SimServer one = cluster.servers.get((int) draws.between(0, cluster.servers.size() - 1));
    ServerInfo info = state.serverById(one.id);
    if (info == null || nearlyFull) {
      return null;
    }
    var move = new LastMove(cluster, one, !info.member());
    cluster.ecs.setMember(one, move.joins);
    return cluster.ecs.state() == state ? null : move;
  }

  private static List<List<Integer>> rows(ClusterState state) {
    return IntStream.range(0, state.shards()).mapToObj(shard -> state.row(shard).wanted()).toList();
  }

  /** What was more than it had to be; empty: nothing. */
  String fault() {
    ClusterState after = cluster.ecs.state();
    List<Set<Integer>> held = new ArrayList<>();
    for (int shard = 0; shard < before.shards(); shard++) {
      held.add(new HashSet<>(before.row(shard).wanted()));
    }
    var members = new HashSet<Integer>();
    after.members().forEach(member -> members.add(member.number()));
    int least = LeastMoves.of(held, members, after.settings().replicas());
    long made = cluster.checks.copiesWanted() - copiesBefore;
    return made <= least
        ? ""
        : "server " + server.index + (joins ? " joined" : " left") + ", and " + made
            + " copies were made where "
            + least + " are enough: " + held + " became " + rows(after);
  }
}
