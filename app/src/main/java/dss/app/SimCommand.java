package dss.app;

import dss.sim.SimRun;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "sim", mixinStandardHelpOptions = true, description = "The simulator: whole clusters on virtual time under faults, each drawn from a seed.", footer = {
    "", "Example:  dss sim --seeds 200 --from 1", "          dss sim --replay 17"})
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

  @Option(names = "--profile", description = "a directed profile (not in this version yet)")
  @Nullable
  String profile;

  @Option(names = "--planted", description = "planted bugs (not in this version yet)")
  @Nullable
  String planted;

  @Option(names = "--list-bugs", description = "names of planted bugs (not in this version yet)")
  boolean listBugs;

  @Option(names = "--quiet", description = "no progress")
  boolean quiet;

  @Override
  public Integer call() throws CommandFailed {
    if (profile != null || planted != null || listBugs) {
      throw new CommandFailed(Exit.REFUSED,
          "'dss sim --profile, --planted, --list-bugs' are not in this version yet");
    }
    var progress = new Progress(quiet);
    var run = new SimRun(System.out,
        (done, all) -> progress.show((double) done / all, done + " of " + all + " seeds"));
    long violations = replay != null ? run.replay(replay) : run.seeds(from, seeds, hash);
    progress.done();
    return violations == 0 ? Exit.DONE : Exit.REFUSED;
  }
}
