package dss.app;

/** A command came to nothing: one line for stderr, and the exit status. */
final class CommandFailed extends Exception {
  private static final long serialVersionUID = 1;

  final int status;

  CommandFailed(int status, String line) {
    super(line);
    this.status = status;
  }
}
