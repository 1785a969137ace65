package dss.sim;

import dss.core.replication.PeerMessage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Connections between servers: in order, delayed, cut, blocked one way or both. */
final class Network {
  /** One main connection (with its copy connection) between two servers. */
  private static final class Connection {
    final SimProcess a;
    final SimProcess b;
    boolean open = true;
    final Map<String, Long> lastArrival = new HashMap<>();

    Connection(SimProcess a, SimProcess b) {
      this.a = a;
      this.b = b;
    }
  }

  private record Direction(int from, int to) {}

  private final Cluster cluster;
  private final Map<Direction, Connection> connections = new HashMap<>();
  private final Set<Direction> blocked = new HashSet<>();
  private final Map<Direction, Long> extra = new HashMap<>();
  long messages;

  Network(Cluster cluster) {
    this.cluster = cluster;
  }

  private static Direction pair(SimServer a, SimServer b) {
    return new Direction(Math.min(a.index, b.index), Math.max(a.index, b.index));
  }

  void block(int from, int to) {
    blocked.add(new Direction(from, to));
  }

  void unblock(int from, int to) {
    blocked.remove(new Direction(from, to));
  }

  void unblockAll() {
    blocked.clear();
    extra.clear();
  }

  /** What passes this way takes so much longer, microseconds; 0 ends it. */
  void slow(int from, int to, long micros) {
    extra.put(new Direction(from, to), micros);
  }

  /** How much longer it takes now. */
  long extra(int from, int to) {
    return extra.getOrDefault(new Direction(from, to), 0L);
  }

  /** {@link Cluster#ECS} stands for the ECS. */
  boolean isBlocked(int from, int to) {
    return blocked.contains(new Direction(from, to));
  }

  private boolean free(SimServer a, SimServer b) {
    return !isBlocked(a.index, b.index) && !isBlocked(b.index, a.index);
  }

  /** The lower of two servers dials the other now and then; the higher only learns whether it is refused. */
  void dialAll() {
    for (SimServer a : cluster.servers) {
      for (SimServer b : cluster.servers) {
        if (a != b && a.number() != 0 && a.process().running() && free(a, b)) {
          dial(a, b);
        }
      }
    }
  }

  private void dial(SimServer from, SimServer to) {
    Direction pair = pair(from, to);
    Connection now = connections.get(pair);
    if (now != null && now.open) {
      return;
    }
    if (!to.alive()) {
      Integer number = cluster.ecs.numberOf(to);
      if (number != null) {
        from.process().post(cluster.delay(), "dial" + to.index, () -> {
          if (from.alive() && connections.get(pair) == now) {
            from.node().refused(number);
          }
        });
      }
      return;
    }
    if (to.number() == 0 || from.index > to.index || !to.process().running()) {
      return;
    }
    var connection = new Connection(from.process(), to.process());
    connections.put(pair, connection);
    opened(connection, from, to);
    opened(connection, to, from);
  }

  private void opened(Connection connection, SimServer at, SimServer other) {
    int number = other.number();
    long boot = other.disk.identity.boot();
    deliver(connection, other, at, "main", () -> at.node().connected(number, boot));
  }

  void send(SimServer from, int toNumber, long version, PeerMessage message, boolean copy) {
    SimServer to = cluster.byNumber(toNumber);
    Connection connection = to == null ? null : connections.get(pair(from, to));
    if (to == null || connection == null || !connection.open) {
      return;
    }
    messages++;
    int number = from.number();
    deliver(connection, from, to, copy ? "copy" : "main", () -> to.node().received(number, version, message));
  }

  private void deliver(Connection connection, SimServer from, SimServer to, String channel, Runnable task) {
    SimProcess process = connection.a == to.process() ? connection.a : connection.b;
    if (process != to.process()) {
      return;
    }
    String key = channel + from.index;
    long at = Math.max(cluster.scheduler.now() + cluster.delay() + extra(from.index, to.index),
        connection.lastArrival.getOrDefault(key, 0L) + 1);
    connection.lastArrival.put(key, at);
    arrive(connection, from, to, key, at, task);
  }

  /** What cannot pass now waits at the front of the block, as a connection's bytes would. */
  private void arrive(Connection connection, SimServer from, SimServer to, String key, long at,
      Runnable task) {
    cluster.scheduler.at(at, () -> {
      if (!connection.open) {
        return;
      }
      if (isBlocked(from.index, to.index)) {
        long again = Math.max(cluster.scheduler.now() + 5_000,
            connection.lastArrival.getOrDefault(key + "b", 0L) + 1);
        connection.lastArrival.put(key + "b", again);
        arrive(connection, from, to, key, again, task);
        return;
      }
      SimProcess process = to.process();
      process.post(0, connection.hashCode() + key, () -> {
        if (connection.open) {
          task.run();
        }
      });
    });
  }

  /** The process of a server has ended: its connections break, its peers see it unless they are cut off. */
  void processEnded(SimServer server) {
    for (SimServer other : cluster.servers) {
      if (other != server) {
        breakConnection(server, other);
      }
    }
  }

  void cut(SimServer from, int toNumber) {
    SimServer to = cluster.byNumber(toNumber);
    if (to != null) {
      breakConnection(from, to);
    }
  }

  void breakConnection(SimServer a, SimServer b) {
    Connection connection = connections.get(pair(a, b));
    if (connection == null || !connection.open) {
      return;
    }
    connection.open = false;
    ended(connection, a, b);
    ended(connection, b, a);
  }

  private void ended(Connection connection, SimServer at, SimServer other) {
    Integer number = cluster.ecs.numberOf(other);
    if (number == null || !at.alive()) {
      return;
    }
    at.process().post(cluster.delay(), "end" + other.index, () -> {
      Connection now = connections.get(pair(at, other));
      if (now == connection || now == null || !now.open) {
        at.node().disconnected(number);
      }
    });
  }
}
