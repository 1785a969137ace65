package dss.sim;

import dss.core.cluster.Row;
import dss.core.cluster.StateCommand;
import dss.core.cluster.StateCommand.InSyncChange;

/** Faults that wait for a moment: something is under way that they could break. */
final class Ambushes {
  private final Cluster cluster;
  private final Faults faults;
  private boolean over;

  Ambushes(Cluster cluster, Faults faults) {
    this.cluster = cluster;
    this.faults = faults;
  }

  void end() {
    over = true;
  }

  boolean isOver() {
    return over;
  }

  private boolean now(double chance) {
    return chance > 0 && !over && cluster.founded() && cluster.scheduler.chance(chance);
  }

  /** A server asks the ECS for something. */
  void asks(SimServer server, StateCommand command) {
    if (command instanceof StateCommand.Register) {
      if (now(cluster.profile.ambushRegistrations)) {
        atRegistration(server);
      }
    } else if (command instanceof StateCommand.SetInSync set && now(cluster.profile.ambushAsks)) {
      InSyncChange change = set.changes().get(0);
      Row row = cluster.ecs.state().row(change.shard());
      change.set().stream().filter(s -> !row.inSync(s)).findFirst().ifPresent(learner -> {
        SimServer of = cluster.byNumber(learner);
        if (of != null) {
          whileAsking(server, of);
        }
      });
    }
  }

  private void atRegistration(SimServer server) {
    Scheduler s = cluster.scheduler;
    switch ((int) s.between(0, 4)) {
      case 4 -> faults.imageOf(server);
      case 0 ->
        faults.slow(Cluster.ECS, server.index, s.between(100_000, 700_000), s.between(300_000, 2_000_000));
      case 1 ->
        faults.slow(server.index, Cluster.ECS, s.between(100_000, 700_000), s.between(300_000, 2_000_000));
      case 2 -> s.after(s.between(0, 6_000), () -> faults.bounce(server));
      default -> s.after(s.between(0, 6_000), () -> faults.disk(server));
    }
  }

  private void whileAsking(SimServer primary, SimServer learner) {
    Scheduler s = cluster.scheduler;
    switch ((int) s.between(0, 6)) {
      case 0, 1 -> unheard(primary, learner);
      case 2 -> s.after(s.between(0, 5_000), () -> faults.bounce(learner));
      case 3, 4 -> {
        // It is another life by the time the ECS hears of it.
        faults.slow(primary.index, Cluster.ECS, s.between(50_000, 500_000), 10_000);
        s.after(s.between(0, 5_000), () -> faults.replaceDisk(learner, 50_000));
      }
      case 5 -> s.after(s.between(0, 5_000), () -> faults.membership(learner, false));
      default -> s.after(s.between(0, 5_000), () -> faults.bounce(primary));
    }
  }

  /** The ECS hears the primary's last word and is not heard by it; nor does the learner hear it. */
  private void unheard(SimServer primary, SimServer learner) {
    long length = cluster.scheduler.between(200_000, 1_500_000);
    faults.block(Cluster.ECS, primary.index, length);
    cluster.scheduler.after(4_000, () -> faults.block(primary.index, Cluster.ECS, length));
    faults.block(primary.index, learner.index, length);
    faults.block(learner.index, primary.index, length);
  }

  /** A server is in sync no more, and not wanted: it is to delete its copy. Its primary hears late of all that. */
  void leaves(Row before, Row after) {
    for (int number : before.inSync()) {
      SimServer server = cluster.byNumber(number);
      SimServer primary = cluster.byNumber(after.primary());
      if (server == null || primary == null || after.inSync(number) || after.wanted().contains(number)
          || !now(cluster.profile.ambushLeaving)) {
        continue;
      }
      Scheduler s = cluster.scheduler;
      long deaf = s.between(60_000, 250_000);
      for (int other = Cluster.ECS; other < cluster.servers.size(); other++) {
        faults.block(other, primary.index, deaf);
      }
      s.after(s.between(500, 20_000), () -> faults.membership(server, true));
      if (s.chance(0.3)) {
        faults.stall(server, s.between(5_000, 200_000));
      }
    }
  }

  /** A server has appended something that is not yet on its disk, nor sent. */
  void appends(SimServer server) {
    if (now(cluster.profile.ambushAppends)) {
      Scheduler s = cluster.scheduler;
      if (s.chance(0.5)) {
        s.after(s.between(0, 500), () -> faults.bounce(server));
      } else {
        faults.strand(server, s.between(100_000, 1_000_000));
      }
    }
  }

  /** A server takes a piece of a copy in, or the last of it. */
  void copies(SimServer learner) {
    if (now(cluster.profile.ambushCopies)) {
      Scheduler s = cluster.scheduler;
      if (s.chance(0.7)) {
        s.after(s.between(0, 4_000), () -> faults.bounce(learner));
      } else {
        s.after(s.between(0, 4_000), () -> faults.membership(learner, s.chance(0.5)));
      }
    }
  }

  /** Another server is primary of a shard. */
  void promoted(Row before, Row after) {
    if (!now(cluster.profile.ambushPromotions)) {
      return;
    }
    Scheduler s = cluster.scheduler;
    SimServer old = cluster.byNumber(before.primary());
    SimServer fresh = cluster.byNumber(after.primary());
    if (old == null || fresh == null) {
      return;
    }
    switch ((int) s.between(0, 3)) {
      case 0 -> s.after(s.between(0, 30_000), () -> faults.bounce(fresh));
      case 1 ->
        faults.slow(old.index, fresh.index, s.between(20_000, 400_000), s.between(100_000, 1_000_000));
      case 2 -> s.after(s.between(0, 30_000), () -> faults.pause(fresh, s.between(50_000, 600_000)));
      default -> s.after(s.between(0, 30_000), () -> faults.bounce(old));
    }
  }
}
