package dss.core.command;

import dss.core.entry.Effect;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.Request;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A shard as simple as can be: commands are judged and their effects applied at once. */
final class NaiveStore implements View {
  static final int VALUE_BYTES = 1000;

  final Map<Bytes, Value> values = new HashMap<>();
  final CommandCheck check = new CommandCheck(CommandTable.standard(), 100, VALUE_BYTES);
  final Evaluator evaluator = Commands.standard(VALUE_BYTES);
  long nowMs = 1_000_000;
  List<Effect> lastEffects = List.of();
  int looked;

  @Override
  public Value header(Bytes key) {
    looked++;
    Value value = values.getOrDefault(key, Value.ABSENT);
    return value.expireAt() <= nowMs ? Value.ABSENT : value;
  }

  Reply execute(Request request) {
    Checked checked = check.check(request);
    if (checked instanceof Checked.Refused refused) {
      lastEffects = List.of();
      return refused.reply();
    }
    var command = (Command) checked;
    looked = 0;
    Evaluation evaluation = evaluator.evaluate(command, this, nowMs);
    if (evaluator.isBlind(command) && looked > 0) {
      throw new AssertionError("a blind command looked at a key: " + request);
    }
    lastEffects = evaluation.effects();
    lastEffects.forEach(effect -> apply(command, effect));
    return evaluation.reply();
  }

  private void apply(Command command, Effect effect) {
    if (!command.isWrite() || effect.slot() != command.slot() || !command.keys().contains(effect.key())) {
      throw new AssertionError("an effect that is not the command's: " + effect);
    }
    if (effect.op() == Effect.DELETE) {
      values.remove(effect.key());
    } else {
      values.put(effect.key(), new Value(effect.type(), 1, 1, effect.expireAt(), effect.value()));
    }
  }

  /** A key of a type that is not there yet. */
  void putOtherType(String key) {
    values.put(Bytes.utf8(key), new Value(9, 1, 1, Effect.NEVER, Bytes.EMPTY));
  }
}
