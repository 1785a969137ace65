package dss.core.command;

import dss.core.entry.Effect;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.Request;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Times to live: EXPIRE, PEXPIRE, EXPIREAT, PEXPIREAT, TTL, PTTL, PERSIST. */
final class ExpiryFamily {
  private static final Reply NO = Reply.integer(0);
  private static final Reply YES = Reply.integer(1);
  private static final Reply NO_KEY = Reply.integer(-2);
  private static final Reply NO_TIME = Reply.integer(-1);

  private ExpiryFamily() {}

  static void addTo(Map<String, Handler> handlers) {
    handlers.put("expire", new Expire(true, true));
    handlers.put("pexpire", new Expire(false, true));
    handlers.put("expireat", new Expire(true, false));
    handlers.put("pexpireat", new Expire(false, false));
    handlers.put("ttl", (command, view, nowMs) -> left(command, view, nowMs, true));
    handlers.put("pttl", (command, view, nowMs) -> left(command, view, nowMs, false));
    handlers.put("persist", ExpiryFamily::persist);
  }

  /** NX, XX, GT and LT: when a new time may replace the present one. */
  private static final class Conditions {
    boolean withoutTime;
    boolean withTime;
    boolean later;
    boolean earlier;

    /** Reads the options; the error in them, or null. */
    @Nullable
    Reply read(Request request) {
      for (int i = 3; i < request.size(); i++) {
        Bytes option = request.get(i);
        if (option.equalsIgnoreCase("NX")) {
          withoutTime = true;
        } else if (option.equalsIgnoreCase("XX")) {
          withTime = true;
        } else if (option.equalsIgnoreCase("GT")) {
          later = true;
        } else if (option.equalsIgnoreCase("LT")) {
          earlier = true;
        } else {
          return Errors.unsupportedOption(option);
        }
      }
      if (withoutTime && (withTime || later || earlier)) {
        return Errors.NX_AND_OTHERS;
      }
      return later && earlier ? Errors.GT_AND_LT : null;
    }

    /** A key without a time counts as living for ever. */
    boolean allow(long present, long when) {
      boolean hasTime = present != Effect.NEVER;
      return !(withoutTime && hasTime) && !(withTime && !hasTime) && !(later && (!hasTime || when <= present))
          && !(earlier && hasTime && when >= present);
    }
  }

  private record Expire(boolean inSeconds, boolean relative) implements Handler {
    @Override
    public Evaluation evaluate(Command command, View view, long nowMs) {
      Request request = command.request();
      var conditions = new Conditions();
      Reply error = conditions.read(request);
      if (error != null) {
        return Evaluation.read(error);
      }
      if (!Numbers.isLong(request.get(2))) {
        return Evaluation.read(Errors.NOT_AN_INTEGER);
      }
      long time = Numbers.toLong(request.get(2));
      if (isOutOfRange(time, nowMs)) {
        return Evaluation.read(Errors.expireTime(command.spec()));
      }
      return judged(command, view, conditions, when(time, nowMs), nowMs);
    }

    private static Evaluation judged(Command command, View view, Conditions conditions, long when,
        long nowMs) {
      Bytes key = command.request().get(1);
      Value value = view.header(key);
      if (Handler.isAbsent(value) || !conditions.allow(value.expireAt(), when)) {
        return Evaluation.read(NO);
      }
      if (when > nowMs && Handler.isOtherType(value)) {
        return Evaluation.read(Errors.WRONG_TYPE);
      }
      return Handler.wrote(Handler.put(command, key, value.bytes(), when, nowMs), YES);
    }

    private boolean isOutOfRange(long time, long nowMs) {
      if (inSeconds && (time > Long.MAX_VALUE / 1000 || time < Long.MIN_VALUE / 1000)) {
        return true;
      }
      return relative && (inSeconds ? time * 1000 : time) > Long.MAX_VALUE - nowMs;
    }

    private long when(long time, long nowMs) {
      long ms = inSeconds ? time * 1000 : time;
      return Math.min(relative ? ms + nowMs : ms, Effect.NEVER - 1);
    }
  }

  private static Evaluation left(Command command, View view, long nowMs, boolean inSeconds) {
    Value value = view.header(command.request().get(1));
    if (Handler.isAbsent(value)) {
      return Evaluation.read(NO_KEY);
    }
    if (value.expireAt() == Effect.NEVER) {
      return Evaluation.read(NO_TIME);
    }
    long ms = Math.max(0, value.expireAt() - nowMs);
    return Evaluation.read(Reply.integer(inSeconds ? ms / 1000 + (ms % 1000 >= 500 ? 1 : 0) : ms));
  }

  private static Evaluation persist(Command command, View view, long nowMs) {
    Bytes key = command.request().get(1);
    Value value = view.header(key);
    if (Handler.isAbsent(value) || value.expireAt() == Effect.NEVER) {
      return Evaluation.read(NO);
    }
    if (Handler.isOtherType(value)) {
      return Evaluation.read(Errors.WRONG_TYPE);
    }
    return Handler.wrote(Effect.putString(command.slot(), key, value.bytes(), Effect.NEVER), YES);
  }
}
