package dss.core.command;

import dss.core.entry.Effect;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import dss.protocol.Reply;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** Keys of any type: DEL, UNLINK, EXISTS, TYPE, and DELETE of DSS. */
final class KeyFamily {
  private static final Reply DELETED = new Reply.Simple("DELETE_SUCCESS");
  private static final Reply NOT_DELETED = new Reply.Simple("DELETE_ERROR");
  private static final Reply NO_TYPE = new Reply.Simple("none");
  private static final Reply STRING = new Reply.Simple("string");
  private static final Reply OTHER_TYPE = new Reply.Simple("unknown");

  private KeyFamily() {}

  static void addTo(Map<String, Handler> handlers) {
    handlers.put("del", KeyFamily::del);
    handlers.put("unlink", KeyFamily::del);
    handlers.put("exists", KeyFamily::exists);
    handlers.put("type", KeyFamily::type);
    handlers.put("delete", KeyFamily::delete);
  }

  /** A key that is named twice is deleted, and counted, once. */
  private static Evaluation del(Command command, View view, long nowMs) {
    List<Bytes> keys = command.keys();
    var effects = new ArrayList<Effect>(keys.size());
    var seen = new HashSet<Bytes>();
    for (int i = 0; i < keys.size(); i++) {
      Bytes key = keys.get(i);
      if (!Handler.isAbsent(view.header(key)) && (keys.size() == 1 || seen.add(key))) {
        effects.add(Effect.deleteKey(command.slot(), key));
      }
    }
    return new Evaluation(effects, Reply.integer(effects.size()));
  }

  /** A key that is named twice counts twice. */
  private static Evaluation exists(Command command, View view, long nowMs) {
    List<Bytes> keys = command.keys();
    int count = 0;
    for (int i = 0; i < keys.size(); i++) {
      if (!Handler.isAbsent(view.header(keys.get(i)))) {
        count++;
      }
    }
    return Evaluation.read(Reply.integer(count));
  }

  private static Evaluation type(Command command, View view, long nowMs) {
    Value value = view.header(command.request().get(1));
    return Evaluation
        .read(Handler.isAbsent(value) ? NO_TYPE : value.type() == Effect.STRING ? STRING : OTHER_TYPE);
  }

  private static Evaluation delete(Command command, View view, long nowMs) {
    Bytes key = command.request().get(1);
    if (Handler.isAbsent(view.header(key))) {
      return Evaluation.read(NOT_DELETED);
    }
    return Handler.wrote(Effect.deleteKey(command.slot(), key), DELETED);
  }
}
