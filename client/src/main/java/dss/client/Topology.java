package dss.client;

import dss.protocol.Reply;
import dss.protocol.Slots;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Which server owns which slot, as CLUSTER SLOTS said and MOVED corrected. Safe for any thread. */
final class Topology {
  private final AtomicReferenceArray<@Nullable Endpoint> owners = new AtomicReferenceArray<>(Slots.COUNT);
  private final Set<Endpoint> servers = ConcurrentHashMap.newKeySet();

  private Topology() {}

  /**
   * Reads a reply to CLUSTER SLOTS.
   *
   * @param from who answered: its host stands in for a missing one
   * @return null where the reply names no server
   */
  static @Nullable Topology of(Reply reply, Endpoint from) {
    if (!(reply instanceof Reply.Array arcs) || arcs.items().isEmpty()) {
      return null;
    }
    var topology = new Topology();
    arcs.items().forEach(arc -> topology.put(arc, from));
    return topology.servers.isEmpty() ? null : topology;
  }

  private void put(Reply arc, Endpoint from) {
    if (!(arc instanceof Reply.Array a) || a.items().size() < 3
        || !(a.items().get(0) instanceof Reply.Int first) || !(a.items().get(1) instanceof Reply.Int last)) {
      return;
    }
    Endpoint owner = endpoint(a.items().get(2), from);
    if (owner == null || first.value() < 0 || first.value() > last.value() || last.value() >= Slots.COUNT) {
      return;
    }
    for (int slot = (int) first.value(); slot <= last.value(); slot++) {
      owners.set(slot, owner);
    }
    servers.add(owner);
  }

  private static @Nullable Endpoint endpoint(Reply node, Endpoint from) {
    if (!(node instanceof Reply.Array a) || a.items().size() < 2
        || !(a.items().get(1) instanceof Reply.Int port) || port.value() < 1 || port.value() > 65535) {
      return null;
    }
    String host = a.items().get(0) instanceof Reply.Bulk name ? name.bytes().asUtf8() : "";
    return new Endpoint(host.isEmpty() || host.equals("?") ? from.host() : host, (int) port.value());
  }

  /** Null where nobody is known to own it. */
  @Nullable
  Endpoint owner(int slot) {
    return owners.get(slot);
  }

  /** All servers that own slots, or did before a correction. */
  Set<Endpoint> servers() {
    return Collections.unmodifiableSet(servers);
  }

  /** A redirect has told the slot's owner. */
  void correct(int slot, Endpoint owner) {
    if (slot < Slots.COUNT) {
      owners.set(slot, owner);
      servers.add(owner);
    }
  }
}
