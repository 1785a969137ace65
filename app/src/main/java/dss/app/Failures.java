package dss.app;

import java.io.IOException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Failures as one line on stderr that says why and what to do. */
final class Failures {
  private Failures() {}

  static int report(Exception failure, CommandLine line, ParseResult result) {
    if (failure instanceof CommandFailed failed) {
      System.err.println("dss: " + failed.getMessage());
      return failed.status;
    }
    if (failure instanceof IOException || failure instanceof IllegalArgumentException) {
      System.err.println("dss: " + failure.getMessage());
      return Exit.REFUSED;
    }
    LoggerFactory.getLogger(Failures.class).error("a bug of DSS", failure);
    System.err.println("dss: " + failure);
    return Exit.REFUSED;
  }

  static int usage(ParameterException failure, String[] args) {
    System.err.println("dss: " + failure.getMessage() + "; see " + failure.getCommandLine().getCommandSpec()
        .qualifiedName() + " --help");
    return Exit.USAGE;
  }
}
