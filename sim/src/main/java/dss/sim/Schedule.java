package dss.sim;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong and when: faults, drawn from the seed before anything happens, and ambushes, counted as they come.
 * Each has a number and draws from a stream of its own, so that any of them can be left out ({@link Kept}).
 */
final class Schedule {
  /** A fault that is to come. */
  record Planned(int index, long at, Fault kind) {}

  private final Cluster cluster;
  private final long seed;
  private final Kept kept;
  private final Ambushes ambushes;
  /** Of disks, taken by some faults for later ones. */
  final SimDisk[] images;

  Schedule(Cluster cluster, long seed, Kept kept) {
    this.cluster = cluster;
    this.seed = seed;
    this.kept = kept;
    this.images = new SimDisk[cluster.profile.servers];
    this.ambushes = new Ambushes(cluster, this, new Draws(seed, Draws.MOMENTS, 0));
  }

  Ambushes ambushes() {
    return ambushes;
  }

  void start() {
    for (Planned fault : planned(cluster.profile, seed)) {
      if (kept.fault(fault.index)) {
        var strike = new Strike(cluster, this, "#" + fault.index, new Draws(seed, Draws.FAULT, fault.index));
        cluster.scheduler.at(fault.at, () -> strike.strike(fault.kind));
      }
    }
  }

  /** All faults of a seed, in the order of their numbers. */
  static List<Planned> planned(Profile profile, long seed) {
    var draws = new Draws(seed, Draws.SCHEDULE, 0);
    int all = profile.weights.values().stream().mapToInt(w -> w).sum();
    var planned = new ArrayList<Planned>();
    for (int i = 0; i < profile.faults; i++) {
      long at = Cluster.FOUNDED_MICROS + draws.between(0, profile.faultMicros);
      planned.add(new Planned(i, at, kind(profile, draws.between(1, all))));
    }
    return planned;
  }

  private static Fault kind(Profile profile, long drawn) {
    long left = drawn;
    for (var weight : profile.weights.entrySet()) {
      left -= weight.getValue();
      if (left <= 0) {
        return weight.getKey();
      }
    }
    throw new IllegalArgumentException("drawn " + drawn);
  }

  /** What a moment of this number is used for; null: it is left out. */
  @Nullable
  Strike ambush(int number) {
    return kept.ambush(number)
        ? new Strike(cluster, this, "#a" + number, new Draws(seed, Draws.AMBUSH, number))
        : null;
  }

  boolean ended() {
    return ambushes.isOver();
  }

  /** All faults end, everybody is there. */
  void heal() {
    cluster.trace("heal", null, "");
    ambushes.end();
    cluster.network.unblockAll();
    if (!cluster.ecs.up()) {
      cluster.ecs.start();
    }
    cluster.ecs.pause(false);
    for (SimServer server : cluster.servers) {
      server.disk.files.mend();
      server.process().resume();
      if (server.process().running()) {
        server.storage().drained();
      }
      cluster.startServer(server);
    }
  }
}
