package dss.sim;

import dss.core.planted.PlantedBug;
import java.io.PrintStream;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;

/** Runs many seeds on all cores and says what came of them. */
public final class SimRun {
  private static final int TOLD_AT_MOST = 10;

  /** Told after each seed. */
  public interface Progress {
    void done(long seeds, long all);
  }

  private final PrintStream out;
  private final Progress progress;
  private final Map<Effect, Long> faults = new EnumMap<>(Effect.class);
  private String profile = Profile.MIXED;
  private long operations;
  private long refused;
  private long promotions;
  private long handovers;
  private long virtualMicros;
  private long lost;
  private long violations;

  public SimRun(PrintStream out, Progress progress) {
    this.out = out;
    this.progress = progress;
    // What never came is to be seen.
    for (Effect effect : Effect.values()) {
      faults.put(effect, 0L);
    }
  }

  /**
   * Runs seeds from one on; how many violated something.
   *
   * @throws IllegalArgumentException if there is no such profile: names those there are
   */
  public long seeds(String ofProfile, long from, long count, boolean hash) {
    Profile.requireKnown(ofProfile);
    profile = ofProfile;
    long began = System.nanoTime();
    int threads = Runtime.getRuntime().availableProcessors();
    try (var pool = Executors.newFixedThreadPool(threads)) {
      var results = new ExecutorCompletionService<Simulation.Outcome>(pool);
      long submitted = 0;
      for (; submitted < Math.min(count, threads * 2L); submitted++) {
        submit(results, from + submitted);
      }
      for (long done = 1; done <= count; done++) {
        note(results.take().get(), hash);
        progress.done(done, count);
        if (submitted < count) {
          submit(results, from + submitted++);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the simulator itself failed", e.getCause());
    }
    summary(count, (System.nanoTime() - began) / 1e9);
    return violations;
  }

  private void submit(ExecutorCompletionService<Simulation.Outcome> results, long seed) {
    results.submit(() -> Simulation.run(Scenario.of(profile, seed)));
  }

  private void note(Simulation.Outcome outcome, boolean hash) {
    operations += outcome.operations();
    refused += outcome.refused();
    promotions += outcome.promotions();
    handovers += outcome.handovers();
    virtualMicros += outcome.virtualMicros();
    lost += outcome.lost() > 0 ? 1 : 0;
    outcome.faults().forEach((kind, n) -> faults.merge(kind, (long) n, Long::sum));
    if (hash) {
      out.printf("seed %d hash %016x%n", outcome.seed(), outcome.hash());
    }
    if (outcome.violation() != null) {
      violated(outcome, Scenario.of(profile, outcome.seed()));
    }
  }

  /** The first one with its trace. */
  private void violated(Simulation.Outcome outcome, Scenario scenario) {
    violations++;
    if (violations == 1) {
      new Replay(out).told(scenario);
    }
    if (violations <= TOLD_AT_MOST) {
      out.println("seed " + outcome.seed() + ": " + outcome.violation());
      out.println("  again, with its trace:  " + scenario.command());
      out.println("  with less in it:        " + scenario.command() + " --shrink");
    }
  }

  private void summary(long count, double seconds) {
    out.printf("%.1f seeds/s, %.2f virtual hours, operations %d, refused %d, promotions %d, handovers %d, "
        + "seeds with a lost shard %d%n", count / seconds, virtualMicros / 3.6e9, operations, refused,
        promotions,
        handovers, lost);
    out.println("faults " + faults);
    out.println("seeds " + count + " violations " + violations);
  }

  /**
   * Runs planted bugs, each under the profile that is directed at it, until a violation is seen; a row each.
   *
   * @param seeds the most that one bug may use, from {@link Planted#FIRST_SEED} on
   * @return how many were not caught
   */
  public long planted(List<PlantedBug> bugs, long seeds) {
    long uncaught = 0;
    for (int i = 0; i < bugs.size(); i++) {
      PlantedBug bug = bugs.get(i);
      Simulation.Outcome outcome = Planted.caught(bug, seeds);
      uncaught += outcome == null ? 1 : 0;
      out.printf("%-40s %-14s %s%n", bug, Planted.profile(bug),
          outcome == null
              ? "not caught by " + seeds + " seeds"
              : "seed " + outcome.seed() + ": " + outcome.violation());
      progress.done(i + 1, bugs.size());
    }
    out.println("planted " + bugs.size() + " uncaught " + uncaught);
    return uncaught;
  }
}
