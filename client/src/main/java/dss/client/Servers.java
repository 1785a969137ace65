package dss.client;

import dss.wire.RespConnector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** The servers that have been heard of. Safe for any thread. */
final class Servers implements AutoCloseable {
  private final ClientSettings settings;
  private final RespConnector connector;
  private final Map<Endpoint, Server> known = new ConcurrentHashMap<>();
  private volatile boolean closed;

  Servers(ClientSettings settings, RespConnector connector) {
    this.settings = settings;
    this.connector = connector;
    settings.seeds().forEach(this::at);
  }

  Server at(Endpoint endpoint) {
    Server server = known.computeIfAbsent(endpoint, e -> new Server(e, connector, settings));
    if (closed) {
      server.close();
    }
    return server;
  }

  /**
   * Whom to ask what any server knows, at least one: those that did not fail lately, of them first those that are not
   * doubted, of them seeds, in their order.
   */
  List<Server> inOrder() {
    var all = new ArrayList<Server>();
    settings.seeds().stream().distinct().forEach(seed -> all.add(at(seed)));
    known.values().stream().filter(server -> !all.contains(server))
        .sorted(Comparator.comparing(Server::isConnected).reversed()).forEach(all::add);
    putLast(all, Server::isDoubted);
    putLast(all, Server::isAvoided);
    return all;
  }

  private static void putLast(List<Server> all, Predicate<Server> which) {
    List<Server> last = all.stream().filter(which).toList();
    all.removeAll(last);
    all.addAll(last);
  }

  /** Looks after all of them; forgets those that are neither seeds nor in {@code wanted} and have nothing to do. */
  void watch(Collection<Endpoint> wanted) {
    for (Server server : known.values()) {
      server.watch();
      boolean needed = settings.seeds().contains(server.endpoint()) || wanted.contains(server.endpoint());
      if (!needed && server.isIdle() && known.remove(server.endpoint(), server)) {
        server.close();
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    known.values().forEach(Server::close);
  }
}
