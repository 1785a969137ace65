package dss.core.command;

import dss.core.entry.Effect;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reading strings, and what goes with it: GET, MGET, STRLEN, GETDEL, GETEX, APPEND. */
final class StringFamily {
  private StringFamily() {}

  static void addTo(Map<String, Handler> handlers, int valueBytes) {
    handlers.put("get", StringFamily::get);
    handlers.put("mget", StringFamily::mget);
    handlers.put("strlen", StringFamily::strlen);
    handlers.put("getdel", StringFamily::getdel);
    handlers.put("getex", StringFamily::getex);
    handlers.put("append", (command, view, nowMs) -> append(command, view, valueBytes));
  }

  private static Evaluation get(Command command, View view, long nowMs) {
    Value value = view.header(command.request().get(1));
    return Evaluation.read(Handler.isOtherType(value) ? Errors.WRONG_TYPE : Handler.bulkOrNull(value));
  }

  /** A key of another type counts as absent, as in Redis. */
  private static Evaluation mget(Command command, View view, long nowMs) {
    List<Bytes> keys = command.keys();
    var values = new ArrayList<Reply>(keys.size());
    for (int i = 0; i < keys.size(); i++) {
      Value value = view.header(keys.get(i));
      values.add(Handler.isOtherType(value) ? Reply.NULL : Handler.bulkOrNull(value));
    }
    return Evaluation.read(new Reply.Array(values));
  }

  private static Evaluation strlen(Command command, View view, long nowMs) {
    Value value = view.header(command.request().get(1));
    return Evaluation
        .read(Handler.isOtherType(value) ? Errors.WRONG_TYPE : Reply.integer(value.bytes().length()));
  }

  private static Evaluation getdel(Command command, View view, long nowMs) {
    Bytes key = command.request().get(1);
    Value value = view.header(key);
    if (Handler.isOtherType(value)) {
      return Evaluation.read(Errors.WRONG_TYPE);
    }
    if (Handler.isAbsent(value)) {
      return Evaluation.read(Reply.NULL);
    }
    return Handler.wrote(Effect.deleteKey(command.slot(), key), new Reply.Bulk(value.bytes()));
  }

  private static Evaluation getex(Command command, View view, long nowMs) {
    Request request = command.request();
    ValueOptions options = ValueOptions.ofGetEx(request);
    if (options == null) {
      return Evaluation.read(Errors.SYNTAX);
    }
    Bytes key = request.get(1);
    Value value = view.header(key);
    if (Handler.isAbsent(value)) {
      return Evaluation.read(Reply.NULL);
    }
    if (Handler.isOtherType(value)) {
      return Evaluation.read(Errors.WRONG_TYPE);
    }
    Reply error = options.timeError(command.spec(), nowMs);
    if (error != null) {
      return Evaluation.read(error);
    }
    Reply reply = new Reply.Bulk(value.bytes());
    long expireAt = options.hasTime() || options.persist ? options.expireAt(nowMs) : value.expireAt();
    if (expireAt == value.expireAt()) {
      return Evaluation.read(reply);
    }
    return Handler.wrote(Handler.put(command, key, value.bytes(), expireAt, nowMs), reply);
  }

  private static Evaluation append(Command command, View view, int valueBytes) {
    Bytes key = command.request().get(1);
    Bytes tail = command.request().get(2);
    Value value = view.header(key);
    if (Handler.isOtherType(value)) {
      return Evaluation.read(Errors.WRONG_TYPE);
    }
    Bytes head = value.bytes();
    long length = (long) head.length() + tail.length();
    if (length > valueBytes) {
      return Evaluation.read(Errors.TOO_LONG);
    }
    var whole = new byte[(int) length];
    head.copyTo(whole, 0);
    tail.copyTo(whole, head.length());
    return Handler.wrote(Effect.putString(command.slot(), key, Bytes.wrap(whole), value.expireAt()),
        Reply.integer(length));
  }
}
