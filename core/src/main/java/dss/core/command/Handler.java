package dss.core.command;

import dss.core.entry.Effect;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import dss.protocol.Reply;
import java.util.List;

/** Evaluates one command. */
@FunctionalInterface
interface Handler {
  Evaluation evaluate(Command command, View view, long nowMs);

  /** Whether this command, with these words, looks at no key. */
  default boolean isBlind(Command command) {
    return false;
  }

  static boolean isAbsent(Value value) {
    return value.type() == 0;
  }

  static boolean isOtherType(Value value) {
    return value.type() != Effect.STRING && value.type() != 0;
  }

  static Reply bulkOrNull(Value value) {
    return isAbsent(value) ? Reply.NULL : new Reply.Bulk(value.bytes());
  }

  static Evaluation wrote(Effect effect, Reply reply) {
    return new Evaluation(List.of(effect), reply);
  }

  /** A string that lives until then; one whose time is past is deleted instead. */
  static Effect put(Command command, Bytes key, Bytes value, long expireAt, long nowMs) {
    return expireAt <= nowMs
        ? Effect.deleteKey(command.slot(), key)
        : Effect.putString(command.slot(), key, value, expireAt);
  }
}
