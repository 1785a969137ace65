package dss.app;

import com.fasterxml.jackson.jr.ob.JSON;
import dss.drill.Drill;
import dss.drill.DrillOptions;
import dss.drill.DrillReport;
import dss.drill.FaultKind;
import dss.drill.Launcher;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "drill", mixinStandardHelpOptions = true, usageHelpWidth = 120, description = {
    "Faults on real processes: starts a cluster of its own on this machine, lets clients work that record all they see,",
    "strikes it, and says at the end whether anything acknowledged is lost and whether all answers fit one order.",
    "Exit status 0: all was as promised."}, footer = {"",
        "Kinds:",
        "  kill       kill -9 of a server, started again some seconds later",
        "  pause      SIGSTOP of a server for 0.5 to 30 s",
        "  partition  connections between servers, or of one to the ECS too, pass nothing (needs Linux)",
        "  diskfull   a server's disk is full to the last byte, later it is not (needs root: a small one is mounted)",
        "  slowdisk   each fsync of a server takes 200 ms longer",
        "  ecs        the ECS that leads is killed, paused or cut off, or another one is restarted",
        "  restart    a server or an ECS is stopped in peace and started again",
        "  move       a server is removed, then added again; now and then another one is killed meanwhile, or cut off",
        "  all        any of these that is possible here, as chance wills",
        "  rolling    everything is restarted in turn; DSS's own clients may see no error",
        "Several with commas between: any of those.", "",
        "Example:  dss drill kill --seconds 30",
        "          dss drill all --seconds 3600 --servers 4 --seed 7 --json"})
final class DrillCommand implements Callable<Integer> {
  private static final String ALL = "all";
  private static final String ROLLING = "rolling";

  @Parameters(arity = "1", paramLabel = "KIND", description = "what is done to it")
  String kind = "";

  @Option(names = "--seconds", defaultValue = "30", description = "how long faults go on (${DEFAULT-VALUE})")
  int seconds;

  @Option(names = "--servers", defaultValue = "3", description = "3 to 9 (${DEFAULT-VALUE})")
  int servers;

  @Option(names = "--ecs", description = "ECS processes, 1 or 3 (3 where ECS are struck, else 1)")
  @Nullable
  Integer ecs;

  @Option(names = "--seed", description = "of chance, so that a drill can be had again, as far as clocks allow")
  @Nullable
  Long seed;

  @Option(names = "--data", description = "where processes keep their data, empty (a temporary folder, removed if all was good)")
  @Nullable
  Path data;

  @Option(names = "--history", description = "write the recorded history (its last minute) for dss check-history")
  @Nullable
  Path history;

  @Option(names = "--json", description = "one JSON document at the end")
  boolean json;

  @Option(names = "--quiet", description = "only the end")
  boolean quiet;

  @Override
  public Integer call() throws Exception {
    Logging.quiet();
    DrillOptions options = options();
    String objection = Drill.objection(options);
    if (objection != null) {
      throw new CommandFailed(Exit.REFUSED, "'dss drill " + kind + "' is not possible here: " + objection);
    }
    try {
      DrillReport report = Drill.run(options, launcher(), line -> {
        if (!quiet) {
          (json ? System.err : System.out).println(line);
        }
      });
      System.out.print(json ? JSON.std.asString(report.json()) + "\n" : report.text());
      if (report.isGood() && data == null) {
        DssCluster.deleteRecursively(options.home());
      } else if (!report.isGood()) {
        System.err.println("dss: logs and data of all processes are in " + options.home());
      }
      return report.isGood() ? Exit.DONE : Exit.REFUSED;
    } catch (IOException e) {
      throw new CommandFailed(Exit.REFUSED,
          "the drill failed: " + e.getMessage() + "; logs are in " + options.home());
    }
  }

  private DrillOptions options() throws CommandFailed, IOException {
    if (seconds < 1 || seconds > 7 * 86_400 || servers < 3 || servers > 9) {
      throw new CommandFailed(Exit.USAGE, "--seconds is 1 or more, --servers 3 to 9");
    }
    List<FaultKind> kinds = kinds();
    boolean struckEcs = kinds.contains(FaultKind.ECS) || kind.equals(ROLLING);
    int count = ecs == null ? struckEcs ? 3 : 1 : ecs;
    if (count != 1 && count != 3) {
      throw new CommandFailed(Exit.USAGE, "--ecs is 1 or 3");
    }
    Path home = data == null ? Files.createTempDirectory("dss-drill") : data.toAbsolutePath();
    Files.createDirectories(home);
    try (var files = Files.list(home)) {
      if (files.findAny().isPresent()) {
        throw new CommandFailed(Exit.REFUSED, home + " is not empty: choose another --data");
      }
    }
    return new DrillOptions(kinds, kind.equals(ROLLING), seconds, servers, count,
        seed == null ? System.nanoTime() : seed, home, history);
  }

  private List<FaultKind> kinds() throws CommandFailed {
    if (kind.equals(ROLLING)) {
      return List.of(FaultKind.RESTART);
    }
    if (kind.equals(ALL)) {
      return Arrays.stream(FaultKind.values()).filter(each -> Drill.isPossible(each)).toList();
    }
    var kinds = new ArrayList<FaultKind>();
    for (String one : kind.split(",")) {
      try {
        kinds.add(FaultKind.valueOf(one.toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw new CommandFailed(Exit.USAGE, "there is no drill '" + one + "'; dss drill --help lists them");
      }
    }
    return kinds;
  }

  /** As this process was started, but for its memory. */
  private static Launcher launcher() {
    var java = new ArrayList<String>();
    java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (option.startsWith("-D") || option.startsWith("--enable") || option.startsWith("--sun")
          || option.startsWith("-Xlog")) {
        java.add(option);
      }
    }
    return new Launcher(java, List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
  }
}
