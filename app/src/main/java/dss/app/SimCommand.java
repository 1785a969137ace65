package dss.app;

import dss.core.planted.PlantedBug;
import dss.sim.Kept;
import dss.sim.Planted;
import dss.sim.Replay;
import dss.sim.Scenario;
import dss.sim.SimRun;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "sim", mixinStandardHelpOptions = true, description = "The simulator: whole clusters on virtual time under faults, each drawn from a seed.", footer = {
    "", "Example:  dss sim --seeds 200 --from 1", "          dss sim --replay 17",
    "          dss sim --planted all --seeds 400",
    "          dss sim --replay 1 --planted ACK_BEFORE_OWN_FSYNC --shrink"})
final class SimCommand implements Callable<Integer> {
  @Option(names = "--seeds", defaultValue = "200", description = "how many (${DEFAULT-VALUE})")
  long seeds;

  @Option(names = "--from", defaultValue = "1", description = "the first one (${DEFAULT-VALUE})")
  long from;

  @Option(names = "--replay", description = "run this seed alone and print the end of its trace")
  @Nullable
  Long replay;

  @Option(names = "--hash", description = "print the hash of each seed's trace")
  boolean hash;

  @Option(names = "--profile", description = "what happens how often (mixed; with --planted and --replay: that of the bug)")
  @Nullable
  String profile;

  @Option(names = "--shrink", description = "with --replay: leave out all that the violation does not need, and tell what is left")
  boolean shrink;

  @Option(names = "--shrink-runs", paramLabel = "N", defaultValue = "1000", description = "for --shrink: runs of the simulator, at most (${DEFAULT-VALUE})")
  long shrinkRuns;

  @Option(names = "--only", split = ",", paramLabel = "N|aN|ambushes|none", description = "with --replay: of all that goes wrong only faults and ambushes of these numbers, as --shrink names them")
  @Nullable
  List<String> only;

  @Option(names = "--clients", paramLabel = "N", description = "with --replay: at most so many clients")
  @Nullable
  Integer clients;

  @Option(names = "--until", paramLabel = "MS", description = "with --replay: up to this time of the trace; histories are checked as they are then")
  @Nullable
  Double until;

  @Option(names = "--planted", paramLabel = "NAME|all", description = "break this rule on purpose, or each of them in turn, under the profile directed at it; exits 0 only if each is seen within --seeds. With --replay: that seed with this rule broken")
  @Nullable
  String planted;

  @Option(names = "--list-bugs", description = "the names for --planted, and their profiles")
  boolean listBugs;

  @Option(names = "--quiet", description = "no progress")
  boolean quiet;

  @Override
  public Integer call() throws CommandFailed {
    if (listBugs) {
      for (PlantedBug bug : PlantedBug.values()) {
        System.out.printf("%-40s %s%n", bug, Planted.profile(bug));
      }
      return Exit.DONE;
    }
    var progress = new Progress(quiet);
    if (replay != null) {
      return replay(replay, progress);
    }
    if (shrink || only != null || clients != null || until != null) {
      throw new CommandFailed(Exit.REFUSED,
          "--shrink, --only, --clients and --until want a seed: --replay SEED");
    }
    String what = planted != null ? " planted bugs" : " seeds";
    var run = new SimRun(System.out,
        (done, all) -> progress.show((double) done / all, done + " of " + all + what));
    long failed = planted != null
        ? run.planted(bugs(planted), seeds)
        : run.seeds(profile == null ? "mixed" : profile, from, seeds, hash);
    progress.done();
    return failed == 0 ? Exit.DONE : Exit.REFUSED;
  }

  private int replay(long seed, Progress progress) throws CommandFailed {
    List<PlantedBug> broken = planted == null ? List.of() : bugs(planted);
    if (broken.size() > 1) {
      throw new CommandFailed(Exit.REFUSED, "--replay breaks one rule at a time: --list-bugs names them");
    }
    String under = profile != null ? profile : broken.isEmpty() ? "mixed" : Planted.profile(broken.get(0));
    var scenario = new Scenario(under, seed, Set.copyOf(broken), kept());
    var run = new Replay(System.out);
    boolean failed = shrink
        ? run.shrink(scenario, shrinkRuns,
            (done, all, left) -> progress.show((double) done / all, done + " runs, " + left + " faults"))
        : run.run(scenario);
    progress.done();
    return failed ? Exit.REFUSED : Exit.DONE;
  }

  private Kept kept() throws CommandFailed {
    try {
      Kept kept = only == null ? Kept.ALL : Kept.ALL.withOnly(only);
      kept = clients == null ? kept : kept.withClients(clients);
      return until == null ? kept : kept.withUntil(Math.round(until * 1000));
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(Exit.REFUSED, String.valueOf(e.getMessage()));
    }
  }

  private static List<PlantedBug> bugs(String name) throws CommandFailed {
    if (name.equals("all")) {
      return List.of(PlantedBug.values());
    }
    for (PlantedBug bug : PlantedBug.values()) {
      if (bug.name().equalsIgnoreCase(name)) {
        return List.of(bug);
      }
    }
    throw new CommandFailed(Exit.REFUSED, "no planted bug '" + name + "'; --list-bugs names them");
  }
}
