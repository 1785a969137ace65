package dss.sim;

import dss.protocol.Bytes;
import dss.protocol.Slots;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One seed, from the founding of a cluster to its healing. */
public final class Simulation {
  /**
   * What came of a seed.
   *
   * @param violation what was broken; null: nothing
   * @param hash of the trace: the same for the same seed and bugs
   * @param lost shards that were announced lost
   * @param ambushes moments that were used, or would have been
   */
  public record Outcome(long seed, @Nullable String violation, long hash, List<String> trace, long operations,
      long refused, long events, long virtualMicros, Map<Effect, Integer> faults, long promotions,
      long handovers,
      int lost, int ambushes) {}

  /** What may be left to do when clients have stopped, beside the time to heal. */
  private static final long SETTLE_MICROS = 1_000_000;
  private static final long LOOK_MICROS = 250_000;

  private final Scenario scenario;
  private final Cluster cluster;
  private final Schedule faults;

  private Simulation(Scenario scenario, boolean traceAll) {
    this.scenario = scenario;
    this.cluster = new Cluster(scenario, Profile.of(scenario.profile(), scenario.seed()), traceAll);
    this.faults = cluster.faults;
  }

  /**
   * Runs a scenario; the same one gives the same outcome.
   *
   * @throws IllegalArgumentException if there is no such profile: names those there are
   */
  public static Outcome run(Scenario scenario) {
    return new Simulation(scenario, false).run();
  }

  /** Runs it with all of its trace, to be read. */
  static Telling tell(Scenario scenario) {
    var simulation = new Simulation(scenario, true);
    return new Telling(simulation.run(), simulation.cluster);
  }

  private Outcome run() {
    Profile profile = cluster.profile;
    try {
      cluster.start();
      addMembers();
      cluster.clients.forEach(SimClient::start);
      faults.start();
      long faultsEnd = Cluster.FOUNDED_MICROS + profile.faultMicros;
      runUntil(faultsEnd);
      if (cluster.violation() == null && scenario.kept().untilMicros() > faultsEnd) {
        faults.heal();
        cluster.steadyReads.begin();
      }
      runUntilWell(faultsEnd + profile.healMicros);
      cluster.clients.forEach(SimClient::stop);
      runUntilWell(faultsEnd + profile.healMicros + SETTLE_MICROS);
      lastMove();
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
    cluster.scheduler.at(1_200_000,
        () -> cluster.servers.forEach(server -> cluster.ecs.setMember(server, true)));
    cluster.scheduler.at(1_500_000,
        () -> cluster.servers.forEach(server -> cluster.ecs.setMember(server, true)));
  }

  private void runUntil(long end) {
    long last = Math.min(end, scenario.kept().untilMicros());
    while (cluster.violation() == null && cluster.scheduler.now() <= last && cluster.scheduler.step(last)) {
      // each step is one event
    }
  }

  /** One server joins or leaves, and everything settles once more. */
  private void lastMove() {
    if (cluster.violation() != null || scenario.kept().isCut() || !cluster.checks.lost.isEmpty()
        || !cluster.checks.unhealed().isEmpty()) {
      return;
    }
    runUntilBalanced();
    LastMove move = LastMove.begin(cluster, new Draws(scenario.seed(), Draws.LAST_MOVE, 0));
    if (move != null) {
      runUntilBalanced();
      String fault = move.fault();
      if (cluster.violation() == null && !fault.isEmpty()) {
        cluster.violation(fault);
      }
    }
  }

  private void runUntilBalanced() {
    long end = cluster.scheduler.now() + cluster.profile.healMicros;
    runUntil(() -> cluster.checks.unhealed().isEmpty() && cluster.ecs.isBalanced(), end);
    if (cluster.violation() == null && !cluster.ecs.isBalanced()) {
      cluster.violation("not healed: the ECS does not find the cluster balanced");
    }
  }

  /** Goes on until all is well, until then at the most. */
  private void runUntilWell(long end) {
    runUntil(() -> cluster.checks.unhealed().isEmpty(), end);
  }

  private void runUntil(BooleanSupplier wanted, long end) {
    for (long to = cluster.scheduler.now() + LOOK_MICROS; to <= end; to += LOOK_MICROS) {
      runUntil(to);
      if (cluster.violation() != null || wanted.getAsBoolean()) {
        return;
      }
    }
  }

  private void checkEnd() {
    String unhealed = scenario.kept().isCut() ? "" : cluster.checks.unhealed();
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
    return new Outcome(scenario.seed(), cluster.violation(), cluster.trace.hash(), cluster.trace.end(),
        operations, refused,
        cluster.checks.events(), cluster.scheduler.now(), cluster.effects.counts(), cluster.ecs.promotions,
        cluster.ecs.handovers,
        cluster.checks.lost.size(), faults.ambushes().struck());
  }
}
