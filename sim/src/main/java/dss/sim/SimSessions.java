package dss.sim;

import dss.core.cluster.ClusterState;
import dss.core.cluster.StateCommand;
import dss.core.cluster.StateEvent;
import dss.core.ecs.ServerReport;
import dss.core.replication.NodeStatus;
import dss.peer.SessionCodec;
import dss.peer.SessionMessage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What servers and the ECS say to each other, as bytes of the real codec, in order and some time later. What a node of the
 * ECS said before it lost its leadership may yet arrive.
 */
final class SimSessions {
  /** At most; where servers are soon taken for dead they say more often that they are not. */
  private static final long HEARTBEAT_MICROS = 250_000;

  private final Cluster cluster;
  private final SimEcs ecs;
  private final Map<Integer, Long> lastArrival = new HashMap<>();

  SimSessions(Cluster cluster, SimEcs ecs) {
    this.cluster = cluster;
    this.ecs = ecs;
  }

  private static byte[] bytes(SessionMessage message) {
    return SessionCodec.write(message).toArray();
  }

  private static SessionMessage message(byte[] bytes) {
    return SessionCodec.read(bytes, 0, bytes.length);
  }

  // ---- from a server

  private long delayFrom(SimServer server) {
    return cluster.scheduler.between(200, 3_000) + cluster.network.extra(server.index, Cluster.ECS);
  }

  /** A server asks for a change. */
  void request(SimServer from, StateCommand command) {
    byte[] asked = bytes(new SessionMessage.Ask(command));
    cluster.scheduler.after(delayFrom(from), () -> {
      if (ecs.up() && !cluster.network.isBlocked(from.index, Cluster.ECS)) {
        heard(from, asked);
      } else if (cluster.scheduler.chance(0.3)) {
        // Late, as from a buffer: compare-and-set makes it harmless.
        cluster.scheduler.after(cluster.scheduler.between(10_000, 2_000_000), () -> {
          if (ecs.up()) {
            heard(from, asked);
          }
        });
      }
    });
  }

  private void heard(SimServer from, byte[] asked) {
    if (message(asked) instanceof SessionMessage.Ask ask) {
      ecs.asked(ask.command(), from);
    }
  }

  /** A server's heartbeat; posted in its process every now and then. */
  void heartbeat(SimServer from) {
    long pause = Math.min(HEARTBEAT_MICROS, cluster.profile.settings.deadMs() * 400L);
    from.process().post(pause, "heartbeat", () -> {
      if (from.node().registered()) {
        int number = from.number();
        byte[] beat = bytes(new SessionMessage.Heartbeat(from.node().boot(), report(from)));
        cluster.scheduler.after(delayFrom(from), () -> {
          if (ecs.up() && !cluster.network.isBlocked(from.index, Cluster.ECS)
              && message(beat) instanceof SessionMessage.Heartbeat heard) {
            ecs.heard(number, heard);
            if (heard.report().version() < ecs.state().version()) {
              push(from);
            }
          }
        });
      }
      heartbeat(from);
    });
  }

  private static ServerReport report(SimServer server) {
    NodeStatus status = server.node().status();
    var serving = new TreeMap<Integer, Long>();
    for (NodeStatus.ShardStatus shard : status.shards()) {
      if (shard.serving()) {
        serving.put(shard.shard(), shard.epoch());
      }
    }
    return new ServerReport(server.node().version(), status.silence(), serving,
        new ServerReport.Copies(status.primaries(), 0, 0, 0, 0), List.of(), false, false);
  }

  // ---- from the ECS

  /** The state as this node of the ECS knows it. */
  void push(SimServer to) {
    say(to, new SessionMessage.Whole(ecs.shown(to)));
  }

  /** To all: the state, or what has made it of the one before. */
  void broadcast(long version, List<StateEvent> events) {
    for (SimServer to : cluster.servers) {
      if (!events.isEmpty() && cluster.scheduler.chance(0.5)) {
        say(to, new SessionMessage.Delta(version, events));
      } else {
        push(to);
      }
    }
  }

  void say(SimServer to, SessionMessage said) {
    if (!to.alive()) {
      return;
    }
    SimProcess process = to.process();
    long at = Math.max(
        cluster.scheduler.now() + cluster.scheduler.between(200, 3_000)
            + cluster.network.extra(Cluster.ECS, to.index),
        lastArrival.getOrDefault(to.index, 0L) + 1);
    lastArrival.put(to.index, at);
    int of = ecs.life();
    boolean late = cluster.scheduler.chance(0.2);
    byte[] bytes = bytes(said);
    cluster.scheduler.at(at, () -> {
      if ((of == ecs.life() || late) && !cluster.network.isBlocked(Cluster.ECS, to.index)
          && process == to.process()) {
        process.post(0, "ecs", () -> hears(to, message(bytes)));
      }
    });
  }

  private void hears(SimServer server, SessionMessage said) {
    switch (said) {
      case SessionMessage.Whole whole -> server.node().state(whole.state());
      case SessionMessage.Refused refused ->
        server.node().registrationRefused(refused.nonce(), refused.knownBoot());
      case SessionMessage.Delta delta -> {
        ClusterState known = server.node().stateInEffect();
        if (known != null && known.version() == delta.from()) {
          server.node().state(known.evolve(delta.events()));
        } else if (known == null || known.version() < delta.from()) {
          // It asks for the whole.
          cluster.scheduler.after(delayFrom(server), () -> {
            if (ecs.up() && !cluster.network.isBlocked(server.index, Cluster.ECS)) {
              push(server);
            }
          });
        }
      }
      default -> cluster.violation("nobody expects " + said);
    }
  }
}
