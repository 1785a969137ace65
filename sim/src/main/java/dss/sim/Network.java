package dss.sim;

import dss.core.replication.PeerMessage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Connections between servers: made, delayed, broken, blocked one way or both. */
final class Network {
  /** Main connection and copy connection between two servers, both ways. */
  private record Connection(SimServer a, SimServer b, Pipe mainOfA, Pipe mainOfB, Pipe copyOfA,
      Pipe copyOfB) {
    Pipe of(SimServer sender, boolean copy) {
      return sender == a ? copy ? copyOfA : mainOfA : copy ? copyOfB : mainOfB;
    }

    /** The other end knows that it is over, or that there is a newer one. */
    void overAt(SimServer receiver) {
      SimServer sender = receiver == a ? b : a;
      of(sender, false).endSeen();
      of(sender, true).endSeen();
    }

    List<Pipe> pipes() {
      return List.of(mainOfA, mainOfB, copyOfA, copyOfB);
    }
  }

  private record Direction(int from, int to) {}

  private final Cluster cluster;
  private final Map<Direction, Connection> open = new HashMap<>();
  /** The last one before that. */
  private final Map<Direction, Connection> former = new HashMap<>();
  private final Set<Direction> blocked = new HashSet<>();
  private final Map<Direction, Long> extra = new HashMap<>();

  Network(Cluster cluster) {
    this.cluster = cluster;
  }

  private static Direction pair(SimServer a, SimServer b) {
    return new Direction(Math.min(a.index, b.index), Math.max(a.index, b.index));
  }

  // ---- what is in the way

  void block(int from, int to) {
    blocked.add(new Direction(from, to));
  }

  void unblock(int from, int to) {
    if (blocked.remove(new Direction(from, to))) {
      release();
    }
  }

  void unblockAll() {
    blocked.clear();
    extra.clear();
    release();
  }

  private void release() {
    for (Connection connection : List.copyOf(open.values())) {
      connection.pipes().forEach(Pipe::release);
    }
  }

  /** What passes this way takes so much longer, microseconds; 0 ends it. */
  void slow(int from, int to, long micros) {
    extra.put(new Direction(from, to), micros);
  }

  /** How much longer it takes now. */
  long extra(int from, int to) {
    return extra.isEmpty() ? 0 : extra.getOrDefault(new Direction(from, to), 0L);
  }

  /** {@link Cluster#ECS} stands for the ECS. */
  boolean isBlocked(int from, int to) {
    return !blocked.isEmpty() && blocked.contains(new Direction(from, to));
  }

  private boolean free(SimServer a, SimServer b) {
    return !isBlocked(a.index, b.index) && !isBlocked(b.index, a.index);
  }

  // ---- connections

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
    if (open.containsKey(pair(from, to))) {
      return;
    }
    if (!to.alive()) {
      Integer number = cluster.ecs.numberOf(to);
      if (number != null) {
        from.process().post(cluster.delay(), "dial" + to.index, () -> {
          if (!open.containsKey(pair(from, to))) {
            from.node().refused(number);
          }
        });
      }
    } else if (to.number() != 0 && from.index < to.index && to.process().running()) {
      var connection = new Connection(from, to, pipe(from, to), pipe(to, from), pipe(from, to),
          pipe(to, from));
      open.put(pair(from, to), connection);
      opened(connection.mainOfB(), from, to);
      opened(connection.mainOfA(), to, from);
    }
  }

  private Pipe pipe(SimServer from, SimServer to) {
    return new Pipe(cluster, from, to);
  }

  /** Before anything that comes through its pipe. */
  private void opened(Pipe in, SimServer at, SimServer other) {
    int number = other.number();
    long boot = other.disk.identity.boot();
    Connection before = former.get(pair(at, other));
    in.begin(() -> {
      if (before != null) {
        before.overAt(at);
      }
      at.node().connected(number, boot);
    });
  }

  void send(SimServer from, int toNumber, long version, PeerMessage message, boolean copy) {
    SimServer to = cluster.byNumber(toNumber);
    Connection connection = to == null ? null : open.get(pair(from, to));
    if (connection != null) {
      connection.of(from, copy).send(version, message);
    }
  }

  // ---- their end

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
    Connection connection = open.remove(pair(a, b));
    if (connection != null) {
      former.put(pair(a, b), connection);
      connection.pipes().forEach(Pipe::breakOff);
      ended(connection, a, b);
      ended(connection, b, a);
    }
  }

  private void ended(Connection connection, SimServer at, SimServer other) {
    Integer number = cluster.ecs.numberOf(other);
    if (number == null || !at.alive()) {
      return;
    }
    at.process().post(cluster.delay(), connection.of(other, false), () -> {
      connection.overAt(at);
      if (!open.containsKey(pair(at, other))) {
        at.node().disconnected(number);
      }
    });
  }
}
