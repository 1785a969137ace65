package dss.storage;

import java.io.IOException;

/** A file of the log could not be written or synced: nothing after it may be reported durable. Says what, and where. */
public final class LogFault extends Exception {
  private static final long serialVersionUID = 1;

  private final String what;
  private final IOException why;

  LogFault(String what, IOException why) {
    super(what, why);
    this.what = what;
    this.why = why;
  }

  String what() {
    return what;
  }

  IOException why() {
    return why;
  }
}
