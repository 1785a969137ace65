package dss.app;

import dss.core.cluster.DssVersion;
import picocli.CommandLine;

/** The one entry: {@code dss SUBCOMMAND}. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    if (args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"))) {
      // Before anything else is loaded.
      System.out.println("dss " + DssVersion.TEXT);
      return;
    }
    System.exit(run(args));
  }

  static int run(String... args) {
    // Before the first logger.
    System.setProperty("java.util.logging.manager", LastingLogManager.class.getName());
    Logging.install();
    var line = new CommandLine(new DssCommand());
    line.setExecutionExceptionHandler(Failures::report);
    line.setParameterExceptionHandler(Failures::usage);
    line.setExitCodeExceptionMapper(e -> Exit.REFUSED);
    line.setStopAtPositional(false);
    // What follows the command of a client may look like an option and is none.
    line.getSubcommands().forEach((name, sub) -> sub.setStopAtPositional(name.equals("client")));
    return line.execute(args);
  }
}
