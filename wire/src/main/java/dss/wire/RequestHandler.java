package dss.wire;

import dss.protocol.Request;

/**
 * What a {@link RespServer} does with its connections' requests. Called on the server's event loop, which it must not
 * block. An exception out of it is a bug: it is logged and the connection closed.
 */
public interface RequestHandler {
  void opened(RespConnection connection);

  /**
   * A request has come, perhaps one that was too large to be kept ({@link Request#refusal()}).
   *
   * @param ticket to be answered exactly once, on the loop, now or later and in any order
   */
  void request(RespConnection connection, Request request, Ticket ticket);

  /** It is closed; its tickets are abandoned. Called once for every connection that was opened. */
  void closed(RespConnection connection);
}
