package dss.storage;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where a disk that failed is noticed: says so once, and stops everything that would report success. */
final class Failure {
  private static final Logger LOG = LoggerFactory.getLogger(Failure.class);
  private static final String WHAT_TO_DO = "; nothing written since is acknowledged. Check the disk (dmesg, free space), then start again";

  private final FatalHandler handler;
  private final AtomicBoolean failed = new AtomicBoolean();

  Failure(FatalHandler handler) {
    this.handler = handler;
  }

  boolean failed() {
    return failed.get();
  }

  void fail(String what, Throwable cause) {
    if (failed.compareAndSet(false, true)) {
      String message = what + ": " + cause.getMessage() + WHAT_TO_DO;
      LOG.error(message, cause);
      handler.fatal(message);
    }
  }
}
