package dss.sim;

import dss.protocol.Reply;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One operation of a recorded history as its client saw it: a line of {@link HistoryFile}. Immutable.
 *
 * @param client any name; operations of one client may overlap, as those of a client that pipelines do
 * @param op SET, GET, INCR, APPEND, DEL, SETNX or SET_IF, in any case; kept in capitals
 * @param key never empty
 * @param args of SET, APPEND and SETNX the value, of SET_IF the value and the one expected, else none
 * @param invoke when it was begun, by a monotonic clock that all clients share, in any unit
 * @param returned when it was answered, by the same clock; {@link #UNKNOWN} where nobody knows whether it happened
 * @param result what it was answered: of SET "OK"; of GET a String, a number or null (absent); of INCR, APPEND, DEL and
 *     SETNX a number; of SET_IF "OK" or null (not done). A number may be any Integer or Long, kept as Long. Null where
 *     {@code returned} is {@link #UNKNOWN}.
 * @throws IllegalArgumentException where something does not fit, saying what
 */
public record Operation(String client, String op, String key, List<String> args, long invoke, long returned,
    @Nullable Object result) {
  /** In place of the time of an answer: there was none. */
  public static final long UNKNOWN = Long.MAX_VALUE;
  private static final Set<Op.Kind> KINDS = EnumSet.of(Op.Kind.SET, Op.Kind.GET, Op.Kind.INCR, Op.Kind.APPEND,
      Op.Kind.DEL, Op.Kind.SETNX, Op.Kind.SET_IF);

  public Operation {
    op = op.toUpperCase(Locale.ROOT);
    args = List.copyOf(args);
    result = result instanceof Integer number ? (Object) number.longValue() : result;
    Op.Kind kind = kind(op);
    require(!key.isEmpty(), "the key is empty");
    require(args.size() == arguments(kind), op + " has " + args.size() + " args where it wants "
        + arguments(kind));
    require(returned >= invoke, "it returned (" + returned + ") before it was invoked (" + invoke + ")");
    if (returned == UNKNOWN) {
      require(result == null, "it has a result and no return");
    } else {
      reply(kind, result);
    }
  }

  /** Whether it was answered. */
  public boolean known() {
    return returned != UNKNOWN;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  private static Op.Kind kind(String op) {
    return KINDS.stream().filter(kind -> kind.name().equals(op)).findFirst()
        .orElseThrow(() -> new IllegalArgumentException(
            "unknown op '" + op + "'; there are SET, GET, INCR, APPEND, DEL, SETNX and SET_IF"));
  }

  private static int arguments(Op.Kind kind) {
    return switch (kind) {
      case GET, DEL, INCR -> 0;
      case SET, APPEND, SETNX -> 1;
      case SET_IF -> 2;
      default -> throw new IllegalArgumentException("no file has " + kind);
    };
  }

  private static Reply reply(Op.Kind kind, @Nullable Object result) {
    return switch (kind) {
      case SET -> {
        require("OK".equals(result), "the result of SET is \"OK\", not " + shown(result));
        yield Reply.OK;
      }
      case SET_IF -> {
        require(result == null || result.equals("OK"),
            "the result of SET_IF is \"OK\" or null, not " + shown(result));
        yield result == null ? Reply.NULL : Reply.OK;
      }
      case GET -> {
        require(result == null || result instanceof String || result instanceof Long,
            "the result of GET is a string, an integer or null, not " + shown(result));
        yield result == null ? Reply.NULL : Reply.bulk(byteForByte(result.toString()));
      }
      case INCR, APPEND, DEL, SETNX -> {
        if (!(result instanceof Long number)) {
          throw new IllegalArgumentException(
              "the result of " + kind + " is an integer, not " + shown(result));
        }
        yield Reply.integer(number);
      }
      default -> throw new IllegalArgumentException("no file has " + kind);
    };
  }

  /** How it stands in a message; long texts are cut. */
  static String shown(@Nullable Object value) {
    if (!(value instanceof String text)) {
      return String.valueOf(value);
    }
    return '"'
        + (text.length() <= 40 ? text : text.substring(0, 20) + "..." + text.substring(text.length() - 17))
        + '"';
  }

  /** For the checker. {@code number} stands for the client. */
  Op toOp(int number) {
    Op.Kind kind = kind(op);
    var made = new Op(number, kind, key, args.isEmpty() ? "" : byteForByte(args.get(0)),
        args.size() < 2 ? "" : byteForByte(args.get(1)), invoke);
    if (known()) {
      made.reply = reply(kind, result);
      made.returned = returned;
    }
    return made;
  }

  /** The text with one char for each of its bytes in UTF-8: a server counts bytes, the model of a key counts chars. */
  private static String byteForByte(String text) {
    return text.chars().allMatch(c -> c < 0x80)
        ? text
        : new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /** For people: client, op, args, times and result in a line. */
  @Override
  public String toString() {
    var words = new StringBuilder(client).append(' ').append(op).append(' ').append(key);
    args.forEach(arg -> words.append(' ').append(shown(arg)));
    words.append("  [").append(invoke).append(" .. ");
    return known()
        ? words.append(returned).append("] -> ").append(shown(result)).toString()
        : words.append("?] -> unknown").toString();
  }
}
