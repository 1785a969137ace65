package dss.sim;

import dss.protocol.Reply;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One key as a single machine would keep it: what an operation does to it and answers. Knows nothing of the commands of
 * DSS: it is what they are held against. A value that is to live for a while only begins with a mark; a group of keys is
 * one value, its parts between bars.
 */
final class KeyModel {
  /** Keys in a group. */
  static final int GROUP = 3;
  private static final String MORTAL = "~";
  private static final Reply NO_INTEGER = Reply.error("ERR value is not an integer or out of range");
  private static final String BAR = "|";

  private KeyModel() {}

  /** The value after an operation; {@code null} is an absent key. */
  record Step(@Nullable String after, Reply reply) {}

  static Step step(@Nullable String value, Op op) {
    return switch (op.kind) {
      case GET -> new Step(value, value == null ? Reply.NULL : Reply.bulk(plain(value)));
      case SET -> new Step(op.argument, Reply.OK);
      case SET_PX -> new Step(MORTAL + op.argument, Reply.OK);
      case DEL -> new Step(null, count(value != null));
      case SETNX -> new Step(value == null ? op.argument : value, count(value == null));
      case APPEND -> {
        String after = (value == null ? "" : value) + op.argument;
        yield new Step(after, Reply.integer(plain(after).length()));
      }
      case INCR -> {
        if (value != null && !value.matches("-?[0-9]{1,18}")) {
          yield new Step(value, NO_INTEGER);
        }
        String after = Long.toString((value == null ? 0 : Long.parseLong(value)) + 1);
        yield new Step(after, Reply.integer(Long.parseLong(after)));
      }
      case SET_IF -> value != null && op.expected.equals(plain(value))
          ? new Step(op.argument, Reply.OK)
          : new Step(value, Reply.NULL);
      case PERSIST -> new Step(value == null ? null : plain(value), count(isMortal(value)));
      case EXPIRED -> new Step(
          value != null && isMortal(value) && plain(value).startsWith(op.argument) ? null : value, Reply.OK);
      case MSET -> new Step(String.join(BAR, Collections.nCopies(GROUP, op.argument)), Reply.OK);
      case MGET -> new Step(value, new Reply.Array(
          parts(value).stream().<Reply>map(p -> p.isEmpty() ? Reply.NULL : Reply.bulk(p)).toList()));
      case DEL_ALL ->
        new Step(null, Reply.integer(parts(value).stream().filter(p -> !p.isEmpty()).count()));
      case SET_ONE -> {
        var parts = new ArrayList<>(parts(value));
        parts.set(Integer.parseInt(op.expected), op.argument);
        yield new Step(String.join(BAR, parts), Reply.OK);
      }
    };
  }

  private static Reply count(boolean one) {
    return Reply.integer(one ? 1 : 0);
  }

  private static boolean isMortal(@Nullable String value) {
    return value != null && value.startsWith(MORTAL);
  }

  static String plain(String value) {
    return isMortal(value) ? value.substring(MORTAL.length()) : value;
  }

  private static List<String> parts(@Nullable String value) {
    return value == null ? Collections.nCopies(GROUP, "") : List.of(value.split("\\|", -1));
  }
}
