package dss.core.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The ECS's table: members, shards, settings. {@code version} rises with every change. Immutable.
 *
 * <p>{@link Changes#decide} says what a command changes, {@link #evolve} changes it: servers and the ECS go
 * through the same states.
 */
public final class ClusterState {
  private final String clusterId;
  private final long version;
  private final Settings settings;
  private final List<Address> ecs;
  private final int numbersGiven;
  private final SortedMap<Integer, ServerInfo> servers;
  private final List<Row> rows;
  private final List<ServerInfo> members;

  ClusterState(String clusterId, long version, Settings settings, List<Address> ecs, int numbersGiven,
      SortedMap<Integer, ServerInfo> servers, List<Row> rows) {
    this.clusterId = clusterId;
    this.version = version;
    this.settings = settings;
    this.ecs = List.copyOf(ecs);
    this.numbersGiven = numbersGiven;
    this.servers = servers;
    this.rows = rows;
    this.members = servers.values().stream().filter(ServerInfo::member).toList();
  }

  /** A cluster that has just been made: version 1, no servers, nothing founded. */
  public static ClusterState created(String clusterId, Settings settings, List<Address> ecs) {
    var rows = new ArrayList<Row>(settings.shards());
    for (int i = 0; i < settings.shards(); i++) {
      rows.add(Row.UNFOUNDED);
    }
    return new ClusterState(clusterId, 1, settings, ecs, 0, new TreeMap<>(), rows);
  }

  public String clusterId() {
    return clusterId;
  }

  public long version() {
    return version;
  }

  public Settings settings() {
    return settings;
  }

  public List<Address> ecs() {
    return ecs;
  }

  /** The highest server number ever given. */
  public int numbersGiven() {
    return numbersGiven;
  }

  public int shards() {
    return rows.size();
  }

  public Row row(int shard) {
    return rows.get(shard);
  }

  public int shardOf(int slot) {
    return slot / settings.slotsPerShard();
  }

  /** How many copies are in sync where they are fewest. */
  public int fewestInSync() {
    return rows.stream().mapToInt(row -> row.inSync().size()).min().orElse(0);
  }

  public int firstSlot(int shard) {
    return shard * settings.slotsPerShard();
  }

  public Collection<ServerInfo> servers() {
    return servers.values();
  }

  public @Nullable ServerInfo server(int number) {
    return servers.get(number);
  }

  public @Nullable ServerInfo serverById(String id) {
    for (ServerInfo server : servers.values()) {
      if (server.id().equals(id)) {
        return server;
      }
    }
    return null;
  }

  public @Nullable ServerInfo serverAt(Address resp) {
    ServerInfo found = null;
    for (ServerInfo server : servers.values()) {
      if (server.resp().equals(resp) && (found == null || server.member() || !found.member())) {
        found = server;
      }
    }
    return found;
  }

  public List<ServerInfo> members() {
    return members;
  }

  /** This cluster under an ECS that was lost and is begun anew, with rows and a version that nobody has seen. */
  public ClusterState rebuilt(long newVersion, List<Address> newEcs, List<Row> newRows) {
    return new ClusterState(clusterId, newVersion, settings, newEcs, numbersGiven, servers, newRows);
  }

  /** The state after one command's events, which make one version. */
  public ClusterState evolve(List<StateEvent> events) {
    Settings newSettings = settings;
    List<Address> newEcs = ecs;
    int given = numbersGiven;
    var newServers = servers;
    var newRows = rows;
    for (StateEvent event : events) {
      switch (event) {
        case StateEvent.ServerChanged e -> {
          newServers = newServers == servers ? new TreeMap<>(servers) : newServers;
          newServers.put(e.server().number(), e.server());
          given = Math.max(given, e.server().number());
        }
        case StateEvent.ServerForgotten e -> {
          newServers = newServers == servers ? new TreeMap<>(servers) : newServers;
          newServers.remove(e.number());
        }
        case StateEvent.RowsChanged e -> {
          newRows = newRows == rows ? new ArrayList<>(rows) : newRows;
          for (StateEvent.RowChange change : e.changes()) {
            newRows.set(change.shard(), change.row());
          }
        }
        case StateEvent.SettingsChanged e -> newSettings = e.settings();
        case StateEvent.EcsMoved e -> newEcs = e.ecs();
      }
    }
    return new ClusterState(clusterId, version + 1, newSettings, newEcs, given, newServers, newRows);
  }

  @Override
  public String toString() {
    return "cluster " + clusterId + " version " + version + " servers " + servers.keySet();
  }
}
