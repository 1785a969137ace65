package dss.sim;

import dss.core.cluster.Address;
import dss.core.cluster.Changes;
import dss.core.cluster.ClusterState;
import dss.core.cluster.ServerInfo;
import dss.core.cluster.StateCommand;
import dss.core.ecs.Controller;
import dss.core.ecs.Removals;
import dss.peer.SessionMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ECS, of one node or of three: its log of changes is durable and has one order; the mind of the node that leads is
 * made anew, or has not led for a time. A node that has lost its leadership goes on for a moment: what it proposed may
 * yet come into the log, and what it said may yet arrive.
 */
final class SimEcs {
  private static final long TICK_MICROS = 20_000;

  private static final int FORMER = 30;

  private final Cluster cluster;
  private final SimSessions sessions;
  private final Abandoning abandoning;
  private ClusterState state;
  private final List<Controller> minds = new ArrayList<>();
  /** States of before: a node that has not heard all shows one. */
  private final List<ClusterState> former = new ArrayList<>();
  private int leader;
  private boolean up = true;
  private int life;
  long promotions;
  long handovers;

  SimEcs(Cluster cluster) {
    this.cluster = cluster;
    this.sessions = new SimSessions(cluster, this);
    this.abandoning = new Abandoning(cluster);
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
    cluster.scheduler.after(1_000, () -> {
      if (of == life) {
        sessions.broadcast(state.version(), List.of());
      }
    });
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
    cluster.servers.forEach(server -> sessions.say(server, new SessionMessage.Whole(foreign)));
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
    abandoning.tick(controller(), nowMs());
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

  /** A person adds or removes a server. */
  void setMember(SimServer server, boolean member) {
    ServerInfo info = state.serverById(server.id);
    if (!up || info == null || (!member && !mayRemove(info))) {
      return;
    }
    commit(new StateCommand.SetMember(info.number(), member), null);
  }

  /** A person cancels moves, or lets them go on. */
  void pause(boolean paused) {
    if (up) {
      commit(new StateCommand.Pause(paused), null);
    }
  }

  private boolean mayRemove(ServerInfo server) {
    Removals removals = controller().removals();
    return removals.refusal(server, nowMs()).isEmpty() && removals.onlyOn(server, nowMs()).isEmpty();
  }

  /** A server asks for it. */
  void asked(StateCommand command, SimServer from) {
    StateCommand admitted = controller().admitted(command, nowMs());
    if (admitted != null) {
      commit(admitted, from);
    }
  }

  void commit(StateCommand command, @Nullable SimServer from) {
    ClusterState before = state;
    Changes.Decision decision = Changes.decide(state, command, cluster.bugs);
    if (!decision.events().isEmpty()) {
      former.addLast(state);
      if (former.size() > FORMER) {
        former.removeFirst();
      }
      state = state.evolve(decision.events());
      controller().stateChanged(state);
      count(before, command);
      cluster.checks.stateChanged(before, state, command);
      if (up) {
        sessions.broadcast(before.version(), decision.events());
      }
    } else if (from != null && command instanceof StateCommand.Register) {
      sessions.push(from);
    }
    if (from != null && command instanceof StateCommand.Register register
        && decision.outcome() instanceof Changes.Outcome.Refused refused) {
      sessions.say(from, new SessionMessage.Refused(register.nonce(), refused.knownBoot()));
    }
  }

  private void count(ClusterState before, StateCommand command) {
    switch (command) {
      case StateCommand.Promote p -> {
        promotions += p.changes().size();
        p.changes().stream().map(change -> before.server(before.row(change.shard()).primary()))
            .filter(primary -> primary != null && !controller().isDown(primary, nowMs()))
            .forEach(primary -> cluster.effects.count(Effect.PROMOTED_BESIDE));
      }
      case StateCommand.Abandon a -> cluster.effects.count(Effect.ABANDON);
      case StateCommand.Handover h -> handovers += h.changes().size();
      default -> {
      }
    }
  }

  boolean isBalanced() {
    return controller().isBalanced(nowMs());
  }

  void heard(int server, SessionMessage.Heartbeat beat) {
    controller().heard(server, beat.boot(), beat.report(), nowMs());
  }

  /** Raised where what was said or begun before counts no more. */
  int life() {
    return life;
  }

  /** What a server is shown: of three nodes one that has not heard all may answer. */
  ClusterState shown(SimServer to) {
    if (minds.size() == 1 || !cluster.scheduler.chance(to.number() == 0 ? 0.2 : 0.03)) {
      return state;
    }
    cluster.effects.count(Effect.OLD_STATE);
    return former.get((int) cluster.scheduler.between(0, former.size() - 1));
  }

  SimSessions sessions() {
    return sessions;
  }
}
