package dss.app;

/** Exit statuses that scripts may rely on (the command line's contract). */
final class Exit {
  static final int DONE = 0;
  static final int REFUSED = 1;
  static final int USAGE = 2;
  static final int NOBODY = 3;

  private Exit() {}
}
