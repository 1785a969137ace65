package dss.app;

import dss.core.planted.PlantedBug;
import dss.sim.Planted;
import dss.sim.SimRun;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "sim", mixinStandardHelpOptions = true, description = "The simulator: whole clusters on virtual time under faults, each drawn from a seed.", footer = {
    "", "Example:  dss sim --seeds 200 --from 1", "          dss sim --replay 17",
    "          dss sim --planted all --seeds 400"})
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

  @Option(names = "--profile", defaultValue = "mixed", description = "what happens how often (${DEFAULT-VALUE})")
  String profile = "mixed";

  @Option(names = "--planted", paramLabel = "NAME|all", description = "break this rule on purpose, or each of them in turn, under the profile directed at it; exits 0 only if each is seen within --seeds")
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
    String what = planted != null ? " planted bugs" : " seeds";
    var run = new SimRun(System.out,
        (done, all) -> progress.show((double) done / all, done + " of " + all + what));
    long failed = planted != null
        ? run.planted(bugs(planted), seeds)
        : replay != null ? run.replay(profile, replay) : run.seeds(profile, from, seeds, hash);
    progress.done();
    return failed == 0 ? Exit.DONE : Exit.REFUSED;
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
