package dss.server;

import dss.core.command.Command;
import dss.core.command.Commands;
import dss.core.command.Evaluation;
import dss.core.command.Evaluator;
import dss.core.command.View;
import dss.core.entry.Effect;
import dss.protocol.Reply;
import java.util.List;

/** Keyed commands, and the one without keys that writes: FLUSHALL, given to each shard by itself. */
final class ServerEvaluator implements Evaluator {
  private final Commands commands;

  ServerEvaluator(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Evaluation evaluate(Command command, View view, long nowMs) {
    return command.keys().isEmpty()
        ? new Evaluation(List.of(Effect.clear(command.slot())), Reply.OK)
        : commands.evaluate(command, view, nowMs);
  }

  @Override
  public boolean isBlind(Command command) {
    return command.keys().isEmpty() || commands.isBlind(command);
  }
}
