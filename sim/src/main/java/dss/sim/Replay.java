package dss.sim;

import java.io.PrintStream;

/** One scenario again, for a person: what struck it, what it violated and what happened before that. */
public final class Replay {
  private final PrintStream out;

  public Replay(PrintStream out) {
    this.out = out;
  }

  /** Runs it and prints its trace; whether it violated something. */
  public boolean run(Scenario scenario) {
    Simulation.Outcome outcome = Simulation.run(scenario);
    if (outcome.violation() == null) {
      outcome.trace().forEach(out::println);
      end(outcome);
      return false;
    }
    told(scenario);
    out.println("  again:             " + scenario.command());
    out.println("  with less in it:   " + scenario.command() + " --shrink");
    end(outcome);
    return true;
  }

  /**
   * Cuts it down and prints what is left; whether it violated something.
   *
   * @param runs of the simulator, at most
   */
  public boolean shrink(Scenario scenario, long runs, Shrinker.Progress progress) {
    long began = System.nanoTime();
    try (var shrinker = new Shrinker(runs, progress)) {
      Scenario least = shrinker.shrink(scenario);
      if (least == null) {
        end(Simulation.run(scenario));
        return false;
      }
      Telling told = tell(least);
      out.printf("  cut down from %d faults and %d clients in %d runs, %.1f s%s%n",
          Profile.of(scenario.profile(), scenario.seed()).faults,
          Profile.of(scenario.profile(), scenario.seed()).clients, shrinker.runs(),
          (System.nanoTime() - began) / 1e9,
          shrinker.isCutShort() ? ": no more runs were allowed (--shrink-runs), there may be less" : "");
      out.println("  again:  " + least.command());
      end(told.outcome());
      return true;
    }
  }

  /** The trace of one that fails: at most 200 lines up to the violation, and what struck it. */
  void told(Scenario failing) {
    tell(Ending.cut(failing));
  }

  private Telling tell(Scenario scenario) {
    Telling told = Simulation.tell(scenario);
    told.lines().forEach(out::println);
    out.println("struck by" + (told.strikes().isEmpty() ? " nothing" : ""));
    told.strikes().forEach(out::println);
    out.printf("seed %d at %.3f ms: %s%n", scenario.seed(), told.outcome().virtualMicros() / 1000.0,
        told.outcome().violation());
    return told;
  }

  private void end(Simulation.Outcome outcome) {
    out.printf("seed %d hash %016x%n", outcome.seed(), outcome.hash());
    out.println("seeds 1 violations " + (outcome.violation() == null ? 0 : 1));
  }
}
