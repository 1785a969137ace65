package dss.core.ecs;

import dss.core.cluster.Address;
import dss.core.cluster.ClusterState;
import dss.core.cluster.Row;
import dss.core.cluster.ServerInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The cluster state from what servers know of it, where every ECS that held it is lost. The newest state of any of
 * them is right where all servers in it have answered: what none of them knows none has acted on. A server writes its
 * state down a moment after it acts on it, so after a loss of power the logs are asked too: a log with entries of a
 * later epoch than the state's row says that the row had changed, and the newest log of that epoch holds all that was
 * acknowledged. Source: docs/replication.md, Identity.
 */
public final class Rebuilding {
  /** No version and no epoch that anybody has seen is given again. */
  static final long ABOVE = 1_000_000;

  private final Map<String, List<HeldCopy>> held = new HashMap<>();
  private @Nullable ClusterState newest;

  /** What a server has answered. */
  public void heard(String serverId, @Nullable ClusterState state, List<HeldCopy> copies) {
    held.put(serverId, List.copyOf(copies));
    ClusterState now = newest;
    if (state != null && (now == null || state.version() > now.version())) {
      newest = state;
    }
  }

  /** The newest state heard of; null: none has any. */
  public @Nullable ClusterState newest() {
    return newest;
  }

  /** Members, and others that hold copies in sync, that have not answered. */
  public List<ServerInfo> missing() {
    ClusterState state = known();
    Set<Integer> needed = new TreeSet<>();
    state.members().forEach(server -> needed.add(server.number()));
    for (int shard = 0; shard < state.shards(); shard++) {
      needed.addAll(state.row(shard).inSync());
    }
    var missing = new ArrayList<ServerInfo>();
    for (int number : needed) {
      ServerInfo server = state.server(number);
      if (server != null && !held.containsKey(server.id())) {
        missing.add(server);
      }
    }
    return missing;
  }

  /** Shards whose newest writes may be on servers that have not answered. */
  public List<Integer> endangered() {
    ClusterState state = known();
    Set<Integer> missing = new TreeSet<>();
    missing().forEach(server -> missing.add(server.number()));
    var shards = new ArrayList<Integer>();
    for (int shard = 0; shard < state.shards(); shard++) {
      if (state.row(shard).inSync().stream().anyMatch(missing::contains)) {
        shards.add(shard);
      }
    }
    return shards;
  }

  /**
   * The state to begin with.
   *
   * @param ecs where the ECS is found now
   */
  public ClusterState state(List<Address> ecs) {
    ClusterState state = known();
    var rows = new ArrayList<Row>();
    for (int shard = 0; shard < state.shards(); shard++) {
      rows.add(row(state, shard));
    }
    return state.rebuilt(state.version() + ABOVE, ecs, rows);
  }

  private Row row(ClusterState state, int shard) {
    Row row = state.row(shard);
    int best = Row.NONE;
    HeldCopy newestCopy = new HeldCopy(shard, 0, 0);
    for (ServerInfo server : state.servers()) {
      for (HeldCopy copy : held.getOrDefault(server.id(), List.of())) {
        if (copy.shard() == shard && (best == Row.NONE || copy.isNewerThan(newestCopy))) {
          best = server.number();
          newestCopy = copy;
        }
      }
    }
    long epoch = Math.max(row.epoch(), newestCopy.epoch()) + (row.epoch() == 0 ? 0 : ABOVE);
    boolean answered = row.inSync().stream().anyMatch(number -> hasAnswered(state, number));
    if (best != Row.NONE && (newestCopy.epoch() > row.epoch() || !answered && !row.inSync().isEmpty())) {
      return new Row(epoch, best, List.of(best), row.wanted(), false, false);
    }
    return new Row(epoch, row.primary(), row.inSync(), row.wanted(), row.lost(), row.fresh());
  }

  private boolean hasAnswered(ClusterState state, int number) {
    ServerInfo server = state.server(number);
    return server != null && held.containsKey(server.id());
  }

  private ClusterState known() {
    ClusterState now = newest;
    if (now == null) {
      throw new IllegalStateException("no server has told a state");
    }
    return now;
  }
}
