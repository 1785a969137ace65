package dss.protocol;

/**
 * Bytes that are no RESP: where the next message begins is unknown, so the connection is of no use any more. The
 * message is what a client is told before it is closed ("ERR Protocol error: ..."). Carries no stack trace.
 */
public final class ProtocolError extends Exception {
  private static final long serialVersionUID = 1;

  ProtocolError(String detail) {
    super("ERR Protocol error: " + detail, null, false, false);
  }

  /** The text of the error reply. */
  public String text() {
    return String.valueOf(getMessage());
  }
}
