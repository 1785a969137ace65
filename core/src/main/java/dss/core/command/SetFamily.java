package dss.core.command;

import dss.core.entry.Effect;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.Request;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** SET and its short forms: SETNX, GETSET, MSET, and PUT of DSS. */
final class SetFamily {
  private static final Reply NEW = new Reply.Simple("PUT_SUCCESS");
  private static final Reply CHANGED = new Reply.Simple("PUT_UPDATE");

  private SetFamily() {}

  static void addTo(Map<String, Handler> handlers) {
    handlers.put("set", new Set());
    handlers.put("mset", new Mset());
    handlers.put("setnx", SetFamily::setnx);
    handlers.put("getset", SetFamily::getset);
    handlers.put("put", SetFamily::put);
  }

  private static final class Set implements Handler {
    @Override
    public boolean isBlind(Command command) {
      if (command.request().size() == 3) {
        return true;
      }
      ValueOptions options = ValueOptions.ofSet(command.request());
      return options == null || options.isBlind();
    }

    @Override
    public Evaluation evaluate(Command command, View view, long nowMs) {
      Request request = command.request();
      if (request.size() == 3) {
        return plain(command);
      }
      ValueOptions options = ValueOptions.ofSet(request);
      if (options == null) {
        return Evaluation.read(Errors.SYNTAX);
      }
      Reply error = options.timeError(command.spec(), nowMs);
      if (error != null) {
        return Evaluation.read(error);
      }
      Bytes key = request.get(1);
      if (options.isBlind()) {
        return Handler.wrote(Handler.put(command, key, request.get(2), options.expireAt(nowMs), nowMs),
            Reply.OK);
      }
      return judged(command, options, view.header(key), nowMs);
    }

    private static Evaluation judged(Command command, ValueOptions options, Value present, long nowMs) {
      if (Handler.isOtherType(present) && (options.get || options.ifEqual != null)) {
        return Evaluation.read(Errors.WRONG_TYPE);
      }
      boolean absent = Handler.isAbsent(present);
      boolean fits = options.notExisting
          ? absent
          : options.existing
              ? !absent
              : options.ifEqual == null || (!absent && present.bytes().equals(options.ifEqual));
      Reply before = options.get ? Handler.bulkOrNull(present) : Reply.NULL;
      if (!fits) {
        return Evaluation.read(before);
      }
      long expireAt = options.keepTtl ? present.expireAt() : options.expireAt(nowMs);
      Bytes value = command.request().get(2);
      return Handler.wrote(Handler.put(command, command.request().get(1), value, expireAt, nowMs),
          options.get ? before : Reply.OK);
    }
  }

  private static Evaluation plain(Command command) {
    return Handler.wrote(forGood(command), Reply.OK);
  }

  /** Word 2 under word 1, without a time to live. */
  private static Effect forGood(Command command) {
    Request request = command.request();
    return Effect.putString(command.slot(), request.get(1), request.get(2), Effect.NEVER);
  }

  /** Each key once, with its last value. */
  private static final class Mset implements Handler {
    @Override
    public boolean isBlind(Command command) {
      return true;
    }

    @Override
    public Evaluation evaluate(Command command, View view, long nowMs) {
      Request request = command.request();
      if (request.size() == 3) {
        return plain(command);
      }
      var effects = new LinkedHashMap<Bytes, Effect>();
      for (int i = 1; i < request.size(); i += 2) {
        effects.put(request.get(i),
            Effect.putString(command.slot(), request.get(i), request.get(i + 1), Effect.NEVER));
      }
      return new Evaluation(List.copyOf(effects.values()), Reply.OK);
    }
  }

  private static Evaluation setnx(Command command, View view, long nowMs) {
    if (!Handler.isAbsent(view.header(command.request().get(1)))) {
      return Evaluation.read(Reply.integer(0));
    }
    return Handler.wrote(forGood(command), Reply.integer(1));
  }

  private static Evaluation getset(Command command, View view, long nowMs) {
    Value present = view.header(command.request().get(1));
    if (Handler.isOtherType(present)) {
      return Evaluation.read(Errors.WRONG_TYPE);
    }
    return Handler.wrote(forGood(command), Handler.bulkOrNull(present));
  }

  private static Evaluation put(Command command, View view, long nowMs) {
    boolean absent = Handler.isAbsent(view.header(command.request().get(1)));
    return Handler.wrote(forGood(command), absent ? NEW : CHANGED);
  }
}
