package dss.app;

import picocli.CommandLine;

/** Runs a command as {@code Main} would, and keeps what it says of a failure. */
final class CommandRun {
  private String said = "";

  /** Its exit status. */
  int run(Object command, String... words) {
    var line = new CommandLine(command);
    line.setExecutionExceptionHandler((failure, failed, parsed) -> {
      said = String.valueOf(failure.getMessage());
      return Failures.report(failure, failed, parsed);
    });
    line.setParameterExceptionHandler((failure, parsed) -> {
      said = String.valueOf(failure.getMessage());
      return Failures.usage(failure, parsed);
    });
    return line.execute(words);
  }

  /** The last sentence. */
  String said() {
    return said;
  }
}
