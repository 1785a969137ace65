package dss.server;

import dss.core.cluster.ClusterState;
import dss.core.cluster.Row;
import dss.core.cluster.ServerInfo;
import dss.protocol.Reply;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where slots are, in the words of Redis Cluster: made once for each version of the cluster state. Redis clients know
 * one role a node, our servers have both: every member is a master, and backups appear where Redis lists all copies.
 * Source: docs/formats.md, Words on the RESP wire.
 */
final class Topology {
  /** Adjacent slots with the same primary and the same copies. */
  private record Arc(int from, int to, ServerInfo primary, List<ServerInfo> copies) {}

  private final ClusterState state;
  private final int self;
  private final List<Arc> arcs;
  private final Reply slots;
  private @Nullable Reply shards;

  Topology(ClusterState state, int self) {
    this.state = state;
    this.self = self;
    this.arcs = arcs(state);
    this.slots = new Reply.Array(byPrimary().stream().map(Topology::slotsEntry).toList());
  }

  ClusterState state() {
    return state;
  }

  private static List<Arc> arcs(ClusterState state) {
    var arcs = new ArrayList<Arc>();
    int slotsPerShard = state.settings().slotsPerShard();
    for (int shard = 0; shard < state.shards(); shard++) {
      Row row = state.row(shard);
      ServerInfo owner = owner(state, row);
      if (owner == null) {
        continue;
      }
      List<ServerInfo> copies = row.inSync().stream().sorted().map(state::server)
          .filter(java.util.Objects::nonNull).toList();
      int from = shard * slotsPerShard;
      Arc last = arcs.isEmpty() ? null : arcs.get(arcs.size() - 1);
      boolean joins = last != null && last.to == from - 1 && last.primary == owner
          && last.copies.equals(copies);
      if (last != null && joins) {
        arcs.set(arcs.size() - 1, new Arc(last.from, from + slotsPerShard - 1, owner, copies));
      } else {
        arcs.add(new Arc(from, from + slotsPerShard - 1, owner, copies));
      }
    }
    return arcs;
  }

  /** A hole would break clients: where there is no primary, the one that is wanted. */
  private static @Nullable ServerInfo owner(ClusterState state, Row row) {
    if (row.primary() != Row.NONE) {
      return state.server(row.primary());
    }
    return row.wanted().isEmpty() ? null : state.server(row.wanted().get(0));
  }

  /** Arcs merged where they differ in backups only. */
  private List<Arc> byPrimary() {
    var merged = new ArrayList<Arc>();
    for (Arc arc : arcs) {
      Arc last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
      if (last != null && last.to == arc.from - 1 && last.primary == arc.primary) {
        merged.set(merged.size() - 1, new Arc(last.from, arc.to, arc.primary, List.of()));
      } else {
        merged.add(new Arc(arc.from, arc.to, arc.primary, List.of()));
      }
    }
    return merged;
  }

  // ---- CLUSTER SLOTS, SHARDS

  Reply slots() {
    return slots;
  }

  private static Reply slotsEntry(Arc arc) {
    ServerInfo p = arc.primary;
    return Reply.array(Reply.integer(arc.from), Reply.integer(arc.to),
        Reply.array(Reply.bulk(p.resp().host()),
            Reply.integer(p.resp().port()), Reply.bulk(p.id()), Reply.EMPTY_ARRAY));
  }

  Reply shards() {
    if (shards == null) {
      shards = makeShards();
    }
    return shards;
  }

  private Reply makeShards() {
    Map<List<Object>, List<Arc>> groups = new LinkedHashMap<>();
    for (Arc arc : arcs) {
      groups.computeIfAbsent(List.of(arc.primary.number(), arc.copies), k -> new ArrayList<>()).add(arc);
    }
    return new Reply.Array(groups.values().stream().map(Topology::shard).toList());
  }

  private static Reply shard(List<Arc> group) {
    var ranges = new ArrayList<Reply>();
    for (Arc arc : group) {
      ranges.add(Reply.integer(arc.from));
      ranges.add(Reply.integer(arc.to));
    }
    Arc any = group.get(0);
    var nodes = new ArrayList<Reply>();
    nodes.add(node(any.primary, "master"));
    for (ServerInfo copy : any.copies) {
      if (copy != any.primary) {
        nodes.add(node(copy, "replica"));
      }
    }
    return new Reply.Map(
        List.of(Reply.bulk("slots"), new Reply.Array(ranges), Reply.bulk("nodes"), new Reply.Array(nodes)));
  }

  private static Reply node(ServerInfo server, String role) {
    return new Reply.Map(List.of(Reply.bulk("id"), Reply.bulk(server.id()), Reply.bulk("port"),
        Reply.integer(server.resp().port()), Reply.bulk("ip"), Reply.bulk(server.resp().host()),
        Reply.bulk("endpoint"), Reply.bulk(server.resp().host()), Reply.bulk("role"), Reply.bulk(role),
        Reply.bulk("replication-offset"), Reply.integer(0), Reply.bulk("health"), Reply.bulk("online")));
  }

  // ---- CLUSTER NODES

  String nodes(Collection<Integer> connected) {
    Map<Integer, StringBuilder> ranges = new LinkedHashMap<>();
    for (Arc arc : byPrimary()) {
      ranges.computeIfAbsent(arc.primary.number(), n -> new StringBuilder()).append(' ').append(arc.from)
          .append(arc.to == arc.from ? "" : "-" + arc.to);
    }
    var out = new StringBuilder();
    for (ServerInfo server : state.servers()) {
      boolean me = server.number() == self;
      if (!server.member() && !me && !ranges.containsKey(server.number())) {
        continue;
      }
      boolean up = me || connected.contains(server.number());
      out.append(server.id()).append(' ').append(server.resp()).append('@').append(server.peer().port())
          .append(' ')
          .append(me ? "myself," : "").append("master - 0 0 ").append(state.version()).append(' ')
          .append(up ? "connected" : "disconnected")
          .append(ranges.getOrDefault(server.number(), new StringBuilder())).append('\n');
    }
    return out.toString();
  }

  // ---- CLUSTER INFO

  String info() {
    int assigned = arcs.stream().mapToInt(arc -> arc.to - arc.from + 1).sum();
    int served = 0;
    for (int shard = 0; shard < state.shards(); shard++) {
      served += state.row(shard).primary() == Row.NONE ? 0 : state.settings().slotsPerShard();
    }
    long members = state.members().size();
    return "cluster_enabled:1\r\ncluster_state:" + (served == dss.protocol.Slots.COUNT ? "ok" : "fail")
        + "\r\ncluster_slots_assigned:" + assigned + "\r\ncluster_slots_ok:" + served
        + "\r\ncluster_slots_pfail:0\r\ncluster_slots_fail:" + (assigned - served)
        + "\r\ncluster_known_nodes:"
        + members + "\r\ncluster_size:" + members + "\r\ncluster_current_epoch:" + state.version()
        + "\r\ncluster_my_epoch:" + state.version()
        + "\r\ncluster_stats_messages_sent:0\r\ncluster_stats_messages_received:0\r\n";
  }

  // ---- KEYRANGE

  String keyRange() {
    return "KEYRANGE_SUCCESS " + byPrimary().stream().map(arc -> range(arc, arc.primary))
        .collect(Collectors.joining());
  }

  String keyRangeRead() {
    return "KEYRANGE_SUCCESS " + arcs.stream()
        .flatMap(arc -> arc.copies.stream().map(copy -> range(arc, copy))).collect(Collectors.joining());
  }

  private static String range(Arc arc, ServerInfo server) {
    return arc.from + "," + arc.to + "," + server.resp() + ";";
  }

  /** Backups in sync of the shard of this server's that has fewest; 0 where it is primary of none. */
  int fewestBackups() {
    int fewest = Integer.MAX_VALUE;
    for (int shard = 0; shard < state.shards(); shard++) {
      Row row = state.row(shard);
      if (row.primary() == self) {
        fewest = Math.min(fewest, row.inSync().size() - 1);
      }
    }
    return fewest == Integer.MAX_VALUE ? 0 : fewest;
  }

  /** Shards this server is primary of. */
  List<Integer> ownShards() {
    var own = new ArrayList<Integer>();
    for (int shard = 0; shard < state.shards(); shard++) {
      if (state.row(shard).primary() == self) {
        own.add(shard);
      }
    }
    return own;
  }
}
