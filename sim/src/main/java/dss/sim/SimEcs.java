package dss.sim;

import dss.core.cluster.Address;
import dss.core.cluster.Changes;
import dss.core.cluster.ClusterState;
import dss.core.cluster.ServerInfo;
import dss.core.cluster.StateCommand;
import dss.core.ecs.Controller;
import dss.core.ecs.ServerReport;
import dss.core.replication.NodeStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The ECS, of one node or of three: its log of changes is durable and has one order; the mind of the node that leads is
 * made anew, or has not led for a time. A node that has lost its leadership goes on for a moment: what it proposed may
 * yet come into the log, and what it said may yet arrive.
 */
final class SimEcs {
  private static final long TICK_MICROS = 20_000;
  /** At most; where servers are soon taken for dead they say more often that they are not. */
  private static final long HEARTBEAT_MICROS = 250_000;

  private static final int FORMER = 30;

  private final Cluster cluster;
  private ClusterState state;
  private final List<Controller> minds = new ArrayList<>();
  /** States of before: a node that has not heard all shows one. */
  private final List<ClusterState> former = new ArrayList<>();
  private int leader;
  private boolean up = true;
  private int life;
  private final Map<Integer, Long> lastArrival = new HashMap<>();
  long promotions;
  long handovers;
  long inSyncChanges;

  SimEcs(Cluster cluster) {
    this.cluster = cluster;
    this.state = ClusterState.created("sim", cluster.profile.settings, List.of(new Address("ecs", 7000)));
    former.add(state);
    for (int i = 0; i < cluster.profile.ecsNodes; i++) {
      minds.add(new Controller(state, trust(), cluster.bugs));
    }
  }

  ClusterState state() {
    return state;
  }

  Controller controller() {
    return minds.get(leader);
  }

  boolean up() {
    return up;
  }

  void start() {
    life++;
    up = true;
    if (cluster.scheduler.chance(0.5)) {
      minds.set(leader, new Controller(state, trust(), cluster.bugs));
    }
    controller().stateChanged(state);
    controller().leading(nowMs());
    int of = life;
    cluster.scheduler.after(TICK_MICROS, () -> tick(of));
    cluster.scheduler.after(1_000, () -> broadcast(of));
  }

  void stop() {
    up = false;
    life++;
  }

  /** Another node leads, after a moment without any. */
  void elect() {
    Controller deposed = controller();
    stop();
    if (cluster.scheduler.chance(0.5)) {
      linger(deposed, (int) cluster.scheduler.between(1, 10));
    }
    leader = (leader + (int) cluster.scheduler.between(0, minds.size() - 1)) % minds.size();
    cluster.scheduler.after(cluster.scheduler.between(1_000, 600_000), () -> {
      if (!up) {
        start();
      }
    });
  }

  /** It still thinks that it leads: what it proposes is late, or lost. */
  private void linger(Controller deposed, int ticks) {
    for (StateCommand command : deposed.tick(nowMs())) {
      if (cluster.scheduler.chance(0.5)) {
        cluster.scheduler.after(cluster.scheduler.between(200, 1_500_000), () -> {
          if (up) {
            commit(command, null);
          }
        });
      }
    }
    if (ticks > 0) {
      cluster.scheduler.after(TICK_MICROS, () -> linger(deposed, ticks - 1));
    }
  }

  /** An ECS of another cluster, new and empty, answers at this one's address. */
  void impersonate() {
    ClusterState other = ClusterState.created("other", cluster.profile.settings,
        List.of(new Address("ecs", 7000)));
    for (SimServer server : cluster.servers) {
      other = other.evolve(Changes.decide(other, register(server)).events());
    }
    ClusterState foreign = other;
    cluster.servers.forEach(server -> answer(server, () -> server.node().state(foreign)));
  }

  private StateCommand register(SimServer server) {
    return new StateCommand.Register(server.id, server.disk.identity.diskId(), 1_000, 1, List.of(),
        new Address("s", 7001 + server.index), new Address("s", 17001 + server.index), "");
  }

  private Controller.TrustRefused trust() {
    return cluster.profile.settings.trustRefused()
        ? Controller.TrustRefused.ON
        : Controller.TrustRefused.OFF;
  }

  private long nowMs() {
    return cluster.scheduler.now() / 1000;
  }

  @Nullable
  Integer numberOf(SimServer server) {
    ServerInfo info = state.serverById(server.id);
    return info == null ? null : info.number();
  }

  private void tick(int of) {
    if (of != life) {
      return;
    }
    for (SimServer server : cluster.servers) {
      Integer number = numberOf(server);
      if (number != null && !server.alive() && !cluster.network.isBlocked(Cluster.ECS, server.index)) {
        controller().sessionEnded(number);
        controller().processGone(number);
      }
    }
    List<StateCommand> due = controller().tick(nowMs());
    cluster.checks.statuses(controller(), nowMs());
    long delay = 0;
    for (StateCommand command : due) {
      // One after the other, so that an outage may come between any two.
      delay += cluster.scheduler.between(200, 3_000);
      cluster.scheduler.after(delay, () -> {
        if (of == life) {
          commit(command, null);
        }
      });
    }
    cluster.scheduler.after(TICK_MICROS + delay, () -> tick(of));
  }

  private long delayFrom(SimServer server) {
    return cluster.scheduler.between(200, 3_000) + cluster.network.extra(server.index, Cluster.ECS);
  }

  /** A server asks for a change. */
  void request(SimServer from, StateCommand command) {
    cluster.scheduler.after(delayFrom(from), () -> {
      if (up && !cluster.network.isBlocked(from.index, Cluster.ECS)) {
        commit(command, from);
      } else if (cluster.scheduler.chance(0.3)) {
        // Late, as from a buffer: compare-and-set makes it harmless.
        cluster.scheduler.after(cluster.scheduler.between(10_000, 2_000_000), () -> {
          if (up) {
            commit(command, from);
          }
        });
      }
    });
  }

  /** A person adds or removes a server. */
  void setMember(SimServer server, boolean member) {
    ServerInfo info = state.serverById(server.id);
    if (!up || info == null || (!member && !controller().refusalToRemove(info, nowMs()).isEmpty())) {
      return;
    }
    commit(new StateCommand.SetMember(info.number(), member), null);
  }

  private void commit(StateCommand command, @Nullable SimServer from) {
    ClusterState before = state;
    Changes.Decision decision = Changes.decide(state, command, cluster.bugs);
    if (!decision.events().isEmpty()) {
      former.addLast(state);
      if (former.size() > FORMER) {
        former.removeFirst();
      }
      state = state.evolve(decision.events());
      controller().stateChanged(state);
      count(command);
      cluster.checks.stateChanged(before, state, command);
      broadcast(life);
    } else if (from != null && command instanceof StateCommand.Register) {
      push(from);
    }
    if (from != null && command instanceof StateCommand.Register register
        && decision.outcome() instanceof Changes.Outcome.Refused refused) {
      answer(from, () -> from.node().registrationRefused(register.nonce(), refused.knownBoot()));
    }
  }

  private void count(StateCommand command) {
    switch (command) {
      case StateCommand.Promote p -> promotions += p.changes().size();
      case StateCommand.Handover h -> handovers += h.changes().size();
      case StateCommand.SetInSync s -> inSyncChanges += s.changes().size();
      default -> {
      }
    }
  }

  private void broadcast(int of) {
    if (of == life && up) {
      cluster.servers.forEach(this::push);
    }
  }

  private void push(SimServer to) {
    ClusterState now = minds.size() > 1 && cluster.scheduler.chance(to.number() == 0 ? 0.2 : 0.03)
        ? former.get((int) cluster.scheduler.between(0, former.size() - 1))
        : state;
    answer(to, () -> to.node().state(now));
  }

  private void answer(SimServer to, Runnable task) {
    if (!to.alive()) {
      return;
    }
    SimProcess process = to.process();
    long at = Math.max(
        cluster.scheduler.now() + cluster.scheduler.between(200, 3_000)
            + cluster.network.extra(Cluster.ECS, to.index),
        lastArrival.getOrDefault(to.index, 0L) + 1);
    lastArrival.put(to.index, at);
    int of = life;
    boolean late = cluster.scheduler.chance(0.2);
    cluster.scheduler.at(at, () -> {
      if ((of == life || late) && !cluster.network.isBlocked(Cluster.ECS, to.index)
          && process == to.process()) {
        process.post(0, "ecs", task);
      }
    });
  }

  /** A server's heartbeat; posted in its process every now and then. */
  void heartbeat(SimServer from) {
    SimProcess process = from.process();
    long pause = Math.min(HEARTBEAT_MICROS, cluster.profile.settings.deadMs() * 400L);
    process.post(pause, "heartbeat", () -> {
      if (from.node().registered()) {
        ServerReport report = report(from);
        int number = from.number();
        long boot = from.node().boot();
        cluster.scheduler.after(delayFrom(from), () -> {
          if (up && !cluster.network.isBlocked(from.index, Cluster.ECS)) {
            controller().heard(number, boot, report, nowMs());
            if (report.version() < state.version()) {
              push(from);
            }
          }
        });
      }
      heartbeat(from);
    });
  }

  static ServerReport report(SimServer server) {
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
}
