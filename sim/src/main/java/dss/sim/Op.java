package dss.sim;

import dss.protocol.Reply;
import org.jspecify.annotations.Nullable;

/** One operation of a client on one key, as the client saw it. */
final class Op {
  enum Kind {
    SET, GET, INCR, APPEND, DEL, SETNX, SET_IF
  }

  final int client;
  final Kind kind;
  final String key;
  final String argument;
  /** What SET_IF compares with. */
  final String expected;
  final long invoked;
  /** When it was answered; {@link Long#MAX_VALUE}: nobody knows whether it happened. */
  long returned = Long.MAX_VALUE;
  @Nullable
  Reply reply;

  Op(int client, Kind kind, String key, String argument, String expected, long invoked) {
    this.client = client;
    this.kind = kind;
    this.key = key;
    this.argument = argument;
    this.expected = expected;
    this.invoked = invoked;
  }

  boolean known() {
    return reply != null;
  }

  @Override
  public String toString() {
    return "c" + client + " " + kind + " " + key + (argument.isEmpty() ? "" : " " + argument)
        + (expected.isEmpty() ? "" : " if " + expected) + " [" + invoked / 1000.0 + " .. "
        + (returned == Long.MAX_VALUE ? "?" : returned / 1000.0) + "] -> " + reply;
  }
}
