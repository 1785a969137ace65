package dss.client;

import org.jspecify.annotations.Nullable;

/** A request came to nothing, or nobody knows what it came to. The message is one sentence for people. */
public abstract class DssException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private DssException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /**
   * Whether the write may have taken effect, or may still do so within moments. If not, it did not and will not: it is
   * safe to make it again.
   */
  public abstract boolean mayHaveHappened();

  /** The same, thrown by the calling thread: with its stack, and this one as the cause. */
  abstract DssException here();

  /** No server took the request within the budget; it had no effect. */
  public static final class Unavailable extends DssException {
    private static final long serialVersionUID = 1;

    private final boolean answered;

    Unavailable(String message, boolean answered, @Nullable Throwable cause) {
      super(message, cause);
      this.answered = answered;
    }

    @Override
    DssException here() {
      return new Unavailable(String.valueOf(getMessage()), answered, this);
    }

    /** Whether any server answered at all, be it with a refusal. */
    public boolean answered() {
      return answered;
    }

    @Override
    public boolean mayHaveHappened() {
      return false;
    }
  }

  /** A write was sent and its outcome could not be learned within the budget. */
  public static final class Uncertain extends DssException {
    private static final long serialVersionUID = 1;

    Uncertain(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    DssException here() {
      return new Uncertain(String.valueOf(getMessage()), this);
    }

    @Override
    public boolean mayHaveHappened() {
      return true;
    }
  }

  /** A server refused the request by an error that no retry changes; it had no effect. */
  public static final class Refused extends DssException {
    private static final long serialVersionUID = 1;

    Refused(String errorLine, @Nullable Throwable cause) {
      super(errorLine, cause);
    }

    @Override
    DssException here() {
      return new Refused(String.valueOf(getMessage()), this);
    }

    /** The first word of the error line, in capitals: ERR, WRONGTYPE, OOM ... */
    public String code() {
      String line = String.valueOf(getMessage());
      int space = line.indexOf(' ');
      return space < 0 ? line : line.substring(0, space);
    }

    @Override
    public boolean mayHaveHappened() {
      return false;
    }
  }
}
