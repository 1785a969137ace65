package dss.app;

import java.util.logging.LogManager;

/** Log handlers that outlive the JVM's own shutdown hook: what is said while a server stops is to be read. */
public final class LastingLogManager extends LogManager {
  @Override
  public void reset() {
    // Called by the hook, beside those of ours; the handlers write each line at once, nothing is to be flushed.
  }
}
