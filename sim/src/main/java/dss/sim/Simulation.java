package dss.sim;

import dss.core.planted.PlantedBugs;
import dss.protocol.Bytes;
import dss.protocol.Slots;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One seed, from the founding of a cluster to its healing. */
public final class Simulation {
  /**
   * What came of a seed.
   *
   * @param violation what was broken; null: nothing
   * @param hash of the trace: the same for the same seed and bugs
   * @param lost shards that were announced lost
   */
  public record Outcome(long seed, @Nullable String violation, long hash, List<String> trace, long operations,
      long refused, long events, long virtualMicros, Map<String, Integer> faults, long promotions,
      long handovers,
      int lost) {}

  /** Between the last operation and the last look. */
  private static final long SETTLE_MICROS = 1_000_000;

  private final long seed;
  private final Cluster cluster;
  private final Faults faults;

  private Simulation(String profileName, long seed, PlantedBugs bugs) {
    this.seed = seed;
    Profile profile = Profile.of(profileName, seed);
    this.cluster = new Cluster(seed, profile, bugs);
    this.faults = cluster.faults;
  }

  /** Runs a seed of the mixed profile; the same seed and bugs give the same outcome. */
  public static Outcome run(long seed, PlantedBugs bugs) {
    return run(Profile.MIXED, seed, bugs);
  }

  /**
   * Runs a seed; the same profile, seed and bugs give the same outcome.
   *
   * @throws IllegalArgumentException if there is no such profile: names those there are
   */
  public static Outcome run(String profile, long seed, PlantedBugs bugs) {
    return new Simulation(profile, seed, bugs).run();
  }

  private Outcome run() {
    Profile profile = cluster.profile;
    try {
      cluster.start();
      addMembers();
      cluster.clients.forEach(SimClient::start);
      faults.schedule();
      long faultsEnd = 1_000_000 + profile.faultMicros;
      runUntil(faultsEnd);
      faults.heal();
      runUntil(faultsEnd + profile.healMicros);
      cluster.clients.forEach(SimClient::stop);
      runUntil(faultsEnd + profile.healMicros + SETTLE_MICROS);
      if (cluster.violation() == null) {
        checkEnd();
      }
    } catch (RuntimeException e) {
      var at = e.getStackTrace();
      cluster.violation(
          "exception " + e + (at.length > 0 ? " at " + at[0] + " < " + at[Math.min(1, at.length - 1)] : ""));
    }
    return outcome();
  }

  private void addMembers() {
    cluster.scheduler.at(1_300_000,
        () -> cluster.servers.forEach(server -> cluster.ecs.setMember(server, true)));
    cluster.scheduler.at(1_900_000,
        () -> cluster.servers.forEach(server -> cluster.ecs.setMember(server, true)));
  }

  private void runUntil(long end) {
    while (cluster.violation() == null && cluster.scheduler.step(end)) {
      // each step is one event
    }
  }

  private void checkEnd() {
    String unhealed = cluster.checks.unhealed();
    if (!unhealed.isEmpty()) {
      cluster.violation("not healed: " + unhealed);
      return;
    }
    for (String key : cluster.history.keys()) {
      boolean promised = !cluster.checks.lost
          .contains(cluster.ecs.state().shardOf(Slots.of(Bytes.utf8(key))));
      String fault = !promised
          ? ""
          : profile().clocksKeepBounds() ? cluster.history.fault(key) : cluster.history.faultOfWrites(key);
      if (!fault.isEmpty()) {
        cluster.violation(fault);
      }
    }
  }

  private Profile profile() {
    return cluster.profile;
  }

  private Outcome outcome() {
    long operations = cluster.clients.stream().mapToLong(c -> c.answered).sum();
    long refused = cluster.clients.stream().mapToLong(c -> c.refused).sum();
    return new Outcome(seed, cluster.violation(), cluster.traceHash(), cluster.trace(), operations, refused,
        cluster.checks.events(), cluster.scheduler.now(), faults.counts, cluster.ecs.promotions,
        cluster.ecs.handovers,
        cluster.checks.lost.size());
  }

  /** For a person who looks into a violation: the operations of one key, in order of their calls. */
  public static List<String> historyOf(String profile, long seed, PlantedBugs bugs,
      String key) {
    var simulation = new Simulation(profile, seed, bugs);
    simulation.run();
    List<Op> history = simulation.cluster.history.of(key);
    return Stream.concat(
        history.stream().sorted(Comparator.comparingLong(op -> op.invoked)).map(Op::toString),
        Linearizability.explain(history).stream()).toList();
  }
}
