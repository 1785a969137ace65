package dss.wire;

import dss.protocol.Reply;
import org.jspecify.annotations.Nullable;

/** A request's place in the order of its connection's replies. Used on the connection's loop only. */
public final class Ticket {
  private final RespConnection connection;
  /** Bytes of the request, counted until it is answered. */
  final int requestBytes;
  int protocol;
  @Nullable
  Reply reply;
  @Nullable
  Ticket next;
  private boolean answered;

  Ticket(RespConnection connection, int requestBytes, int protocol) {
    this.connection = connection;
    this.requestBytes = requestBytes;
    this.protocol = protocol;
  }

  public RespConnection connection() {
    return connection;
  }

  /**
   * Answers the request: written at once if all before it are answered, else kept until they are. Nothing happens
   * once the connection is closed.
   *
   * @throws IllegalStateException if it was answered before
   */
  public void answer(Reply answer) {
    if (answered) {
      throw new IllegalStateException("a request is answered only once");
    }
    answered = true;
    connection.answered(this, answer);
  }

  /** Whether the connection is closed: nobody waits for the answer. */
  public boolean abandoned() {
    return connection.isClosed();
  }
}
