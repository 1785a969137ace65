package dss.core.command;

import dss.core.entry.Effect;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import dss.protocol.Reply;
import java.util.Map;

/** Strings that are whole numbers: INCR, DECR, INCRBY, DECRBY. */
final class CounterFamily {
  private CounterFamily() {}

  static void addTo(Map<String, Handler> handlers) {
    handlers.put("incr", (command, view, nowMs) -> add(command, view, 1));
    handlers.put("decr", (command, view, nowMs) -> add(command, view, -1));
    handlers.put("incrby", CounterFamily::incrby);
    handlers.put("decrby", CounterFamily::decrby);
  }

  private static Evaluation incrby(Command command, View view, long nowMs) {
    Bytes amount = command.request().get(2);
    return Numbers.isLong(amount)
        ? add(command, view, Numbers.toLong(amount))
        : Evaluation.read(Errors.NOT_AN_INTEGER);
  }

  private static Evaluation decrby(Command command, View view, long nowMs) {
    Bytes amount = command.request().get(2);
    if (!Numbers.isLong(amount)) {
      return Evaluation.read(Errors.NOT_AN_INTEGER);
    }
    long value = Numbers.toLong(amount);
    return value == Long.MIN_VALUE ? Evaluation.read(Errors.DECREMENT_OVERFLOW) : add(command, view, -value);
  }

  /** The time to live stays. */
  private static Evaluation add(Command command, View view, long amount) {
    Bytes key = command.request().get(1);
    Value present = view.header(key);
    if (Handler.isOtherType(present)) {
      return Evaluation.read(Errors.WRONG_TYPE);
    }
    boolean absent = Handler.isAbsent(present);
    if (!absent && !Numbers.isLong(present.bytes())) {
      return Evaluation.read(Errors.NOT_AN_INTEGER);
    }
    long before = absent ? 0 : Numbers.toLong(present.bytes());
    long after = before + amount;
    if (((before ^ after) & (amount ^ after)) < 0) {
      return Evaluation.read(Errors.OVERFLOW);
    }
    return Handler.wrote(
        Effect.putString(command.slot(), key, Numbers.toBytes(after), present.expireAt()),
        Reply.integer(after));
  }
}
