package dss.sim;

import dss.core.command.Command;
import dss.core.command.CommandSpec;
import dss.core.command.Evaluation;
import dss.core.command.Evaluator;
import dss.core.command.View;
import dss.core.entry.Effect;
import dss.core.entry.RequestId;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import dss.protocol.Request;
import dss.protocol.Slots;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Operations as commands. */
final class Commanding implements Evaluator {
  static Command command(Op op, @Nullable RequestId id) {
    boolean write = op.kind != Op.Kind.GET;
    var spec = new CommandSpec(op.kind.name(), -1, write ? Set.of("write") : Set.of("readonly"), 1, 1, 1,
        Set.of(), "",
        "", "");
    Bytes key = Bytes.utf8(op.key);
    return new Command(spec, Request.of(op.kind.name(), op.key, op.argument, op.expected), Slots.of(key),
        List.of(key),
        id);
  }

  @Override
  public Evaluation evaluate(Command command, View view, long nowMs) {
    Bytes key = command.keys().get(0);
    Value value = view.header(key);
    String before = value == Value.ABSENT ? null : value.bytes().asUtf8();
    Request r = command.request();
    var op = new Op(0, Op.Kind.valueOf(command.spec().name()), key.asUtf8(), r.get(2).asUtf8(),
        r.get(3).asUtf8(), 0);
    KeyModel.Step step = KeyModel.step(before, op);
    String after = step.after();
    List<Effect> effects;
    if (java.util.Objects.equals(before, after) && op.kind != Op.Kind.SET) {
      effects = List.of();
    } else if (after == null) {
      effects = List.of(Effect.deleteKey(command.slot(), key));
    } else {
      effects = List.of(Effect.putString(command.slot(), key, Bytes.utf8(after), Effect.NEVER));
    }
    return new Evaluation(effects, step.reply());
  }

  @Override
  public boolean isBlind(Command command) {
    return false;
  }
}
