package dss.bench;

import dss.protocol.Reply;
import dss.protocol.Slots;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which server owns which slot, as CLUSTER SLOTS says; or one server that owns all. Immutable. */
final class ClusterMap {
  /** Of a slot that nobody owns. */
  static final int NOBODY = -1;

  private final List<Endpoint> servers;
  private final boolean cluster;
  private final short[] owners;

  private ClusterMap(List<Endpoint> servers, boolean cluster, short[] owners) {
    this.servers = List.copyOf(servers);
    this.cluster = cluster;
    this.owners = owners;
  }

  /** One server without cluster mode. */
  static ClusterMap single(Endpoint server) {
    return new ClusterMap(List.of(server), false, new short[Slots.COUNT]);
  }

  /** Members that take any key each: keys are dealt to them in turn, so that all of them get load. */
  static ClusterMap ofMembers(List<Endpoint> members) {
    List<Endpoint> all = members.stream().distinct().toList();
    var owners = new short[Slots.COUNT];
    for (int slot = 0; slot < owners.length; slot++) {
      owners[slot] = (short) (slot % all.size());
    }
    return new ClusterMap(all, true, owners);
  }

  /**
   * Reads a reply to CLUSTER SLOTS.
   *
   * @param from who answered: its host stands in for a missing one
   * @return a map without servers where it names none
   */
  static ClusterMap of(Reply reply, Endpoint from) {
    var owners = new short[Slots.COUNT];
    Arrays.fill(owners, (short) NOBODY);
    Map<Endpoint, Integer> indexes = new LinkedHashMap<>();
    if (reply instanceof Reply.Array arcs) {
      for (Reply arc : arcs.items()) {
        if (arc instanceof Reply.Array words && words.items().size() >= 3) {
          put(owners, indexes, words.items(), from);
        }
      }
    }
    return new ClusterMap(new ArrayList<>(indexes.keySet()), true, owners);
  }

  private static void put(short[] owners, Map<Endpoint, Integer> indexes, List<Reply> arc, Endpoint from) {
    if (!(arc.get(0) instanceof Reply.Int first) || !(arc.get(1) instanceof Reply.Int last)
        || !(arc.get(2) instanceof Reply.Array node) || node.items().size() < 2
        || !(node.items().get(1) instanceof Reply.Int port) || port.value() < 1 || port.value() > 65535
        || first.value() < 0 || first.value() > last.value() || last.value() >= Slots.COUNT) {
      return;
    }
    String host = node.items().get(0) instanceof Reply.Bulk name ? name.bytes().asUtf8() : "";
    var owner = new Endpoint(host.isEmpty() || host.equals("?") ? from.host() : host, (int) port.value());
    int index = indexes.computeIfAbsent(owner, unknown -> indexes.size());
    Arrays.fill(owners, (int) first.value(), (int) last.value() + 1, (short) index);
  }

  List<Endpoint> servers() {
    return servers;
  }

  /** Whether slots matter: false for one server without cluster mode. */
  boolean isCluster() {
    return cluster;
  }

  /** The place in {@link #servers} of a slot's owner, or {@link #NOBODY}. */
  int owner(int slot) {
    return owners[slot];
  }
}
