package dss.app;

/** A progress bar on stderr, only on a terminal. */
final class Progress {
  private static final int WIDTH = 30;

  private final boolean shown;
  private boolean open;

  Progress(boolean quiet) {
    this.shown = !quiet && System.console() != null && System.console().isTerminal();
  }

  void show(double done, String what) {
    if (shown) {
      int full = (int) Math.round(WIDTH * Math.max(0, Math.min(1, done)));
      System.err.printf("\r[%s%s] %3.0f%%  %-30s", "#".repeat(full), ".".repeat(WIDTH - full), 100 * done,
          what);
      System.err.flush();
      open = true;
    }
  }

  void done() {
    if (open) {
      System.err.printf("\r[%s] 100%%  %-30s%n", "#".repeat(WIDTH), "");
      open = false;
    }
  }
}
