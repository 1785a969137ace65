package dss.wire;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A connection ended before the reply to a request came. */
public final class ConnectionLost extends IOException {
  private static final long serialVersionUID = 1;

  private final boolean written;

  ConnectionLost(String message, boolean written, @Nullable Throwable cause) {
    super(message, cause);
    this.written = written;
  }

  /**
   * Whether the request may have left this process: a write may then have happened. If not, it did not happen and may
   * be sent again elsewhere.
   */
  public boolean written() {
    return written;
  }
}
