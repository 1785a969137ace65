package dss.core.ecs;

import dss.core.cluster.Address;
import dss.core.cluster.ClusterState;
import dss.core.cluster.Row;
import dss.core.cluster.ServerInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
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
  private final Set<String> restarted = new HashSet<>();
  private @Nullable ClusterState newest;

  /**
   * What a server has answered.
   *
   * @param saved it has started since, and tells what it had written down
   */
  public void heard(String serverId, @Nullable ClusterState state, boolean saved, List<HeldCopy> copies) {
    held.put(serverId, List.copyOf(copies));
    if (saved) {
      restarted.add(serverId);
    }
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
    Map<Integer, HeldCopy> copies = copies(state, shard);
    int best = Row.NONE;
    for (Map.Entry<Integer, HeldCopy> each : copies.entrySet()) {
      best = best == Row.NONE || each.getValue().isNewerThan(of(copies, best)) ? each.getKey() : best;
    }
    long newestEpoch = best == Row.NONE ? 0 : of(copies, best).epoch();
    long epoch = Math.max(row.epoch(), newestEpoch) + (row.epoch() == 0 && best == Row.NONE ? 0 : ABOVE);
    boolean answered = row.inSync().stream().anyMatch(number -> hasAnswered(state, number));
    if (best != Row.NONE && (newestEpoch > row.epoch() || !answered && !row.inSync().isEmpty())) {
      return new Row(epoch, best, List.of(best), row.wanted(), false, false, row.since());
    }
    return trusted(state, row, copies, epoch);
  }

  private static HeldCopy of(Map<Integer, HeldCopy> copies, int server) {
    return Objects.requireNonNull(copies.get(server));
  }

  private Map<Integer, HeldCopy> copies(ClusterState state, int shard) {
    var copies = new TreeMap<Integer, HeldCopy>();
    for (ServerInfo server : state.servers()) {
      for (HeldCopy copy : held.getOrDefault(server.id(), List.of())) {
        if (copy.shard() == shard) {
          copies.put(server.number(), copy);
        }
      }
    }
    return copies;
  }

  /**
   * After a restart a copy that is behind the others may have been dropped from the set in the moment that nobody wrote
   * down, and what was acknowledged then is not on it: only the newest stay in it, the others are fed again.
   */
  private Row trusted(ClusterState state, Row row, Map<Integer, HeldCopy> copies, long epoch) {
    boolean afterRestart = row.inSync().stream().map(state::server)
        .anyMatch(server -> server != null && restarted.contains(server.id()));
    List<Integer> inSync = row.inSync();
    if (afterRestart) {
      inSync = inSync.stream().filter(one -> copies.containsKey(one) && inSyncOf(row, copies)
          .noneMatch(other -> of(copies, other).isNewerThan(of(copies, one)))).toList();
    }
    if (inSync.isEmpty()) {
      inSync = row.inSync();
    }
    int primary = row.primary() == Row.NONE || inSync.contains(row.primary()) ? row.primary() : inSync.get(0);
    return new Row(epoch, primary, inSync, row.wanted(), row.lost(), row.fresh(), row.since());
  }

  private static Stream<Integer> inSyncOf(Row row, Map<Integer, HeldCopy> copies) {
    return row.inSync().stream().filter(copies::containsKey);
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
