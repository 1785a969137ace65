package dss.sim;

import dss.protocol.Reply;
import org.jspecify.annotations.Nullable;

/** One operation of a client on one key (or on one group of keys that share a slot), as the client saw it. */
final class Op {
  enum Kind {
    SET, GET, INCR, APPEND, DEL, SETNX, SET_IF,
    /** With a time to live. */
    SET_PX, PERSIST,
    /** On all keys of a group. */
    MSET, MGET, DEL_ALL,
    /** On one key of a group. */
    SET_ONE,
    /** What time does: a key that was given this value to live for a while is gone. */
    EXPIRED
  }

  final int client;
  final Kind kind;
  final String key;
  final String argument;
  /** What SET_IF compares with; which key SET_ONE is about; how long SET_PX lets live, ms. */
  final String expected;
  final long invoked;
  /** When it was answered; {@link Long#MAX_VALUE}: nobody knows whether it happened. */
  long returned = Long.MAX_VALUE;
  @Nullable
  Reply reply;
  /** The one on this key that went before it on the same connection. */
  @Nullable
  Op before;
  /** Which server answered the first try of it; -1: none did. */
  int answeredBy = -1;

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

  /** Whether it must take effect behind {@link #before}: one server took both, one after the other; or time goes on. */
  boolean isBehind() {
    return before != null && kind == Kind.EXPIRED
        || before != null && before.known() && answeredBy >= 0 && before.answeredBy == answeredBy;
  }

  boolean isRead() {
    return kind == Kind.GET || kind == Kind.MGET;
  }

  /** Whether neither its answer nor what it leaves depends on what was there. */
  boolean isBlind() {
    return kind == Kind.SET || kind == Kind.SET_PX || kind == Kind.MSET;
  }

  /** Whether nothing forbids that it takes effect later than another one, or never. */
  boolean couldComeBehind(Op other) {
    return !known() || kind == Kind.EXPIRED && other.invoked <= returned;
  }

  /** Whether it only looked: a compare-and-set that did not fit is a read too. */
  boolean changedNothing() {
    return switch (kind) {
      case GET, MGET -> true;
      case SETNX, DEL, PERSIST, DEL_ALL -> Reply.integer(0).equals(reply);
      case SET_IF -> Reply.NULL.equals(reply);
      default -> false;
    };
  }

  /** What was asked, and by whom. */
  String words() {
    return "c" + client + " " + kind + " " + key + (argument.isEmpty() ? "" : " " + argument)
        + (expected.isEmpty() ? "" : (kind == Kind.SET_PX ? " for " : " if ") + expected);
  }

  @Override
  public String toString() {
    return words() + " [" + invoked / 1000.0 + " .. "
        + (returned == Long.MAX_VALUE ? "?" : returned / 1000.0) + "] -> " + reply;
  }
}
