package dss.protocol;

import java.util.List;

/**
 * An answer to one request, free of the protocol version it will be written in (RESP2 or RESP3).
 * Immutable; safe for any thread.
 */
public sealed interface Reply {
  Reply OK = new Simple("OK");
  Reply PONG = new Simple("PONG");
  Reply NULL = new Null();
  Reply EMPTY_ARRAY = new Array(List.of());

  /** A status line, without CR or LF. */
  record Simple(String text) implements Reply {
    public Simple {
      requireOneLine(text);
    }
  }

  /** An error line: its first word is the code in capitals (ERR, MOVED, TRYAGAIN ...). */
  record Error(String text) implements Reply {
    public Error {
      requireOneLine(text);
    }

    public String code() {
      int space = text.indexOf(' ');
      return space < 0 ? text : text.substring(0, space);
    }
  }

  /** A 64-bit integer. */
  record Int(long value) implements Reply {}

  /** Binary-safe bytes. */
  record Bulk(Bytes bytes) implements Reply {}

  /** No value: $-1 in RESP2, _ in RESP3. */
  record Null() implements Reply {}

  /** An ordered list; also what a RESP3 set or push reads as. */
  record Array(List<Reply> items) implements Reply {
    public Array {
      items = List.copyOf(items);
    }
  }

  /** Keys and values in turn (an even number): a map in RESP3, a flat array in RESP2. */
  record Map(List<Reply> keysAndValues) implements Reply {
    public Map {
      keysAndValues = List.copyOf(keysAndValues);
      if (keysAndValues.size() % 2 != 0) {
        throw new IllegalArgumentException("a map needs a value for each key");
      }
    }
  }

  /** A floating-point number: a bulk string in RESP2. */
  record Real(double value) implements Reply {}

  /** A truth value: 1 or 0 in RESP2. */
  record Bool(boolean value) implements Reply {}

  /** Text for people (INFO): a verbatim string "txt" in RESP3, a bulk string in RESP2. */
  record Text(String text) implements Reply {}

  static Reply error(String text) {
    return new Error(text);
  }

  static Reply integer(long value) {
    return new Int(value);
  }

  static Reply bulk(String text) {
    return new Bulk(Bytes.utf8(text));
  }

  static Reply bulk(Bytes bytes) {
    return new Bulk(bytes);
  }

  static Reply array(Reply... items) {
    return new Array(List.of(items));
  }

  default boolean isError() {
    return this instanceof Error;
  }

  private static void requireOneLine(String text) {
    if (text.indexOf('\r') >= 0 || text.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("a line end inside a reply line: " + text);
    }
  }
}
