package dss.app;

import org.jspecify.annotations.Nullable;

/** Ports that follow from the RESP port. */
final class Ports {
  private Ports() {}

  static int derived(@Nullable Integer given, int port, int above, String option) throws CommandFailed {
    int derived = given == null ? port + above : given;
    if (port < 1 || port > 65_535) {
      throw new CommandFailed(Exit.USAGE, "--port is 1 to 65535, not " + port);
    }
    if (derived < 1 || derived > 65_535) {
      throw new CommandFailed(Exit.USAGE, "port " + derived + " does not exist: choose one with " + option);
    }
    return derived;
  }
}
