package dss.server;

import dss.core.command.Command;
import dss.core.command.CommandTable;
import dss.core.replication.Refusals;
import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.Request;
import dss.protocol.Slots;
import dss.wire.Ticket;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Commands about the cluster and about all keys of this server. Loop only. */
final class ClusterCommands {
  private final ServerNode node;
  private final CommandTable table;
  private @Nullable Topology topology;

  ClusterCommands(ServerNode node, CommandTable table) {
    this.node = node;
    this.table = table;
  }

  void addTo(Map<String, PlainCommand> commands) {
    commands.put("cluster|slots", (r, t) -> t.answer(
        topology() instanceof Topology now ? now.slots() : Reply.EMPTY_ARRAY));
    commands.put("cluster|shards", (r, t) -> t.answer(
        topology() instanceof Topology now ? now.shards() : Reply.EMPTY_ARRAY));
    commands.put("cluster|nodes", (r, t) -> t.answer(new Reply.Text(nodes())));
    commands.put("cluster|info", (r, t) -> t.answer(new Reply.Text(info())));
    commands.put("cluster|myid", (r, t) -> t.answer(Reply.bulk(node.storage().identity().serverId())));
    commands.put("cluster|keyslot", (r, t) -> t.answer(Reply.integer(Slots.of(r.get(2)))));
    commands.put("cluster|countkeysinslot", this::countKeysInSlot);
    commands.put("cluster|getkeysinslot", this::getKeysInSlot);
    commands.put("keyrange", (r, t) -> t.answer(
        topology() instanceof Topology now ? Reply.bulk(now.keyRange()) : Refusals.SERVER_STOPPED));
    commands.put("keyrange_read", (r, t) -> t.answer(
        topology() instanceof Topology now ? Reply.bulk(now.keyRangeRead()) : Refusals.SERVER_STOPPED));
    commands.put("wait", this::waitFor);
    commands.put("dbsize", this::dbSize);
    commands.put("flushall", this::flushAll);
  }

  /** Of the state in effect; null before there is one. */
  @Nullable
  Topology topology() {
    var state = node.node().stateInEffect();
    if (state == null) {
      return null;
    }
    if (topology == null || topology.state().version() != state.version()) {
      topology = new Topology(state, node.node().self());
    }
    return topology;
  }

  private String nodes() {
    return topology() instanceof Topology now
        ? now.nodes(node.mesh().connected())
        : node.storage().identity().serverId() + " :0@0 myself,master - 0 0 0 connected\n";
  }

  private String info() {
    return topology() instanceof Topology now
        ? now.info()
        : "cluster_enabled:1\r\ncluster_state:fail\r\ncluster_slots_assigned:0\r\ncluster_known_nodes:1\r\n"
            + "cluster_size:0\r\n";
  }

  private static @Nullable Integer number(Bytes word, int most) {
    String text = word.asUtf8();
    return text.matches("[0-9]{1,9}") && Integer.parseInt(text) <= most
        ? (Integer) Integer.parseInt(text)
        : null;
  }

  private void countKeysInSlot(Request request, Ticket ticket) {
    Integer slot = number(request.get(2), Slots.COUNT - 1);
    if (slot == null) {
      ticket.answer(Reply.error("ERR Invalid slot"));
    } else {
      keysInSlot(slot, Integer.MAX_VALUE, keys -> ticket.answer(Reply.integer(keys.size())));
    }
  }

  private void getKeysInSlot(Request request, Ticket ticket) {
    Integer slot = number(request.get(2), Slots.COUNT - 1);
    Integer count = number(request.get(3), 1_000_000);
    if (slot == null || count == null) {
      ticket.answer(Reply.error("ERR Invalid slot or number of keys"));
    } else {
      keysInSlot(slot, count,
          keys -> ticket
              .answer(new Reply.Array(keys.stream().map(Reply::bulk).map(r -> (Reply) r).toList())));
    }
  }

  private void keysInSlot(int slot, int limit, java.util.function.Consumer<List<Bytes>> done) {
    Topology now = topology();
    if (now == null || limit == 0) {
      done.accept(List.of());
    } else {
      node.storage().shard(now.state().shardOf(slot)).keysInSlot(slot, limit, done);
    }
  }

  /** Every acknowledged write is on all copies in sync already. */
  private void waitFor(Request request, Ticket ticket) {
    if (number(request.get(1), 1_000_000) == null || number(request.get(2), Integer.MAX_VALUE) == null) {
      ticket.answer(Reply.error("ERR value is not an integer or out of range"));
    } else {
      ticket.answer(Reply.integer(topology() instanceof Topology now ? now.fewestBackups() : 0));
    }
  }

  private void dbSize(Request request, Ticket ticket) {
    Topology now = topology();
    KeyCount.of(node.storage(), now == null ? List.of() : now.ownShards(),
        keys -> ticket.answer(Reply.integer(keys)));
  }

  /** One clear entry for each shard this server is primary of; answered when all are committed. */
  private void flushAll(Request request, Ticket ticket) {
    if (request.size() > 2 || request.size() == 2 && !request.get(1).equalsIgnoreCase("ASYNC")
        && !request.get(1).equalsIgnoreCase("SYNC")) {
      ticket.answer(Reply.error("ERR syntax error"));
      return;
    }
    Topology now = topology();
    List<Integer> own = now == null ? List.of() : now.ownShards();
    if (now == null || own.isEmpty()) {
      ticket.answer(now == null ? Refusals.SERVER_STOPPED : Reply.OK);
      return;
    }
    var clearing = new Clearing(own.size(), ticket);
    for (int shard : own) {
      var command = new Command(table.get("flushall"), request, now.state().firstSlot(shard), List.of(),
          null);
      node.submit(clearing.call(command));
    }
  }
}
