package dss.wire;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Blocking waits for replies, for threads that may block: no event loop's. */
public final class Waiting {
  private Waiting() {}

  /** What the future gives within a bound; an IOException with the reason in words otherwise. */
  public static <T> T await(CompletableFuture<T> future, Duration bound)
      throws IOException, InterruptedException {
    try {
      return future.get(bound.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException(reason(e), e);
    } catch (TimeoutException e) {
      throw new IOException("no reply within " + bound.toMillis() + " ms", e);
    }
  }

  /** Why a future has failed, in words. */
  public static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null
        && (cause instanceof CompletionException || cause instanceof ExecutionException)) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }
}
