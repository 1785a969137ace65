package dss.sim;

import dss.core.cluster.Row;
import dss.core.cluster.StateCommand;
import dss.core.cluster.StateCommand.InSyncChange;
import org.jspecify.annotations.Nullable;

/** Faults that wait for a moment: something is under way that they could break. */
final class Ambushes {
  private final Cluster cluster;
  private final Schedule schedule;
  /** Decides which moments are used. */
  private final Draws draws;
  private int struck;
  private boolean over;

  Ambushes(Cluster cluster, Schedule schedule, Draws draws) {
    this.cluster = cluster;
    this.schedule = schedule;
    this.draws = draws;
  }

  void end() {
    over = true;
  }

  boolean isOver() {
    return over;
  }

  /** Those that there were, with those that are left out: they have the numbers from 0 on. */
  int struck() {
    return struck;
  }

  /** Whether this moment is used, and by what; null: it is not. */
  private @Nullable Strike now(double chance) {
    return chance > 0 && !over && cluster.founded() && draws.chance(chance)
        ? schedule.ambush(struck++)
        : null;
  }

  /** A server asks the ECS for something. */
  void asks(SimServer server, StateCommand command) {
    if (command instanceof StateCommand.Register) {
      Strike s = now(cluster.profile.ambushRegistrations);
      if (s != null) {
        atRegistration(s, server);
      }
    } else if (command instanceof StateCommand.SetInSync set) {
      Strike strike = now(cluster.profile.ambushAsks);
      if (strike == null) {
        return;
      }
      InSyncChange change = set.changes().get(0);
      Row row = cluster.ecs.state().row(change.shard());
      change.set().stream().filter(s -> !row.inSync(s)).findFirst().ifPresent(learner -> {
        SimServer of = cluster.byNumber(learner);
        if (of != null) {
          whileAsking(strike, server, of);
        }
      });
    }
  }

  private static void atRegistration(Strike s, SimServer server) {
    switch ((int) s.between(0, 4)) {
      case 4 -> {
        SimDisk image = server.disk.image();
        s.after(s.between(50_000, 300_000), () -> s.bounce(server));
        s.after(s.between(400_000, 900_000), () -> s.rollBack(server, image));
      }
      case 0 ->
        s.links().slow(Cluster.ECS, server.index, s.between(100_000, 700_000), s.between(300_000, 2_000_000));
      case 1 ->
        s.links().slow(server.index, Cluster.ECS, s.between(100_000, 700_000), s.between(300_000, 2_000_000));
      case 2 -> s.after(s.between(0, 6_000), () -> s.bounce(server));
      default -> s.after(s.between(0, 6_000), () -> s.disk(server));
    }
  }

  private static void whileAsking(Strike s, SimServer primary, SimServer learner) {
    switch ((int) s.between(0, 6)) {
      case 0, 1 -> unheard(s, primary, learner);
      case 2 -> s.after(s.between(0, 5_000), () -> s.bounce(learner));
      case 3, 4 -> {
        // It is another life by the time the ECS hears of it.
        s.links().slow(primary.index, Cluster.ECS, s.between(50_000, 500_000), 10_000);
        s.after(s.between(0, 5_000), () -> s.replaceDisk(learner, 50_000));
      }
      case 5 -> s.after(s.between(0, 5_000), () -> s.membership(learner, false));
      default -> s.after(s.between(0, 5_000), () -> s.bounce(primary));
    }
  }

  /** The ECS hears the primary's last word and is not heard by it; nor does the learner hear it. */
  private static void unheard(Strike s, SimServer primary, SimServer learner) {
    long length = s.between(800_000, 2_500_000);
    s.links().block(Cluster.ECS, primary.index, length);
    s.after(4_000, () -> s.links().block(primary.index, Cluster.ECS, length));
    s.links().block(primary.index, learner.index, length);
    s.links().block(learner.index, primary.index, length);
  }

  /** A server is in sync no more, and not wanted: it is to delete its copy. Its primary hears late of all that. */
  void leaves(Row before, Row after) {
    for (int number : before.inSync()) {
      SimServer server = cluster.byNumber(number);
      SimServer primary = cluster.byNumber(after.primary());
      if (server == null || primary == null || after.inSync(number) || after.wanted().contains(number)) {
        continue;
      }
      Strike s = now(cluster.profile.ambushLeaving);
      if (s == null) {
        continue;
      }
      long deaf = s.between(60_000, 250_000);
      for (int other = Cluster.ECS; other < cluster.servers.size(); other++) {
        s.links().block(other, primary.index, deaf);
      }
      s.after(s.between(500, 20_000), () -> s.membership(server, true));
      if (s.chance(0.3)) {
        s.stall(server, s.between(5_000, 200_000));
      }
    }
  }

  /** A server that stands still is in sync no more: it may have led, and knows nothing of what came since. */
  void dropped(Row before, Row after) {
    SimServer primary = cluster.byNumber(after.primary());
    for (int number : before.inSync()) {
      SimServer server = cluster.byNumber(number);
      boolean still = server != null && server.alive() && !server.process().running();
      if (server == null || !still || primary == null || after.inSync(number)) {
        continue;
      }
      Strike s = now(cluster.profile.ambushDropped);
      if (s != null) {
        wakes(s, server, primary);
      }
    }
  }

  /** It goes on and hears nothing from the ECS and the primary, but is heard by the others; then the primary fails. */
  private void wakes(Strike s, SimServer server, SimServer primary) {
    long length = s.between(100_000, 800_000);
    for (SimServer other : cluster.servers) {
      cluster.network.unblock(server.index, other.index);
    }
    s.links().block(Cluster.ECS, server.index, length);
    s.links().block(primary.index, server.index, length);
    long wakes = s.between(1_000, 40_000);
    s.after(wakes, server.process()::resume);
    s.after(wakes + s.between(500, 5_000), () -> s.crash(primary, s.between(300_000, 1_500_000)));
  }

  /** A server has appended something that is not yet on its disk, nor sent. */
  void appends(SimServer server) {
    Strike s = now(cluster.profile.ambushAppends);
    if (s != null) {
      if (s.chance(0.5)) {
        s.after(s.between(0, 500), () -> s.bounce(server));
      } else {
        s.links().strand(server, s.between(100_000, 1_000_000));
      }
    }
  }

  /** A server's log goes on in another file, and nothing of that is synced. */
  void newFile(SimServer server) {
    Strike s = now(cluster.profile.ambushNewFiles);
    if (s != null) {
      s.after(s.between(0, 1_500), () -> s.bounce(server));
    }
  }

  /** A server takes a piece of a copy in, or the last of it. */
  void copies(SimServer learner) {
    Strike s = now(cluster.profile.ambushCopies);
    if (s != null) {
      if (s.chance(0.7)) {
        s.after(s.between(0, 4_000), () -> s.bounce(learner));
      } else {
        s.after(s.between(0, 4_000), () -> s.membership(learner, s.chance(0.5)));
      }
    }
  }

  /** Another server is primary of a shard. */
  void promoted(Row before, Row after) {
    SimServer old = cluster.byNumber(before.primary());
    SimServer fresh = cluster.byNumber(after.primary());
    if (old == null || fresh == null) {
      return;
    }
    Strike returning = now(cluster.profile.ambushReturns);
    Strike s = returning == null ? now(cluster.profile.ambushPromotions) : null;
    if (returning != null) {
      returns(returning, old, fresh);
    } else if (s != null) {
      atPromotion(s, old, fresh);
    }
  }

  /** The old one may lead again, with all that it had under way. */
  private void returns(Strike s, SimServer old, SimServer fresh) {
    cluster.network.unblock(old.index, Cluster.ECS);
    cluster.network.unblock(Cluster.ECS, old.index);
    s.after(s.between(0, 10_000), () -> s.crash(fresh, s.between(300_000, 1_500_000)));
  }

  private static void atPromotion(Strike s, SimServer old, SimServer fresh) {
    switch ((int) s.between(0, 5)) {
      case 4, 5 -> s.after(s.between(0, s.chance(0.5) ? 3_000 : 30_000),
          () -> s.crash(fresh, s.between(100_000, 800_000)));
      case 0 -> s.after(s.between(0, 30_000), () -> s.bounce(fresh));
      case 1 ->
        s.links().slow(old.index, fresh.index, s.between(20_000, 400_000), s.between(100_000, 1_000_000));
      case 2 -> s.after(s.between(0, 30_000), () -> s.pause(fresh, s.between(50_000, 600_000)));
      default -> s.after(s.between(0, 30_000), () -> s.bounce(old));
    }
  }
}
