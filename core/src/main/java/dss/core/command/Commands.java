package dss.core.command;

import java.util.HashMap;
import java.util.Map;

/** Evaluates every keyed command of the table. Immutable; safe for any thread. */
public final class Commands implements Evaluator {
  private final Map<String, Handler> handlers;

  private Commands(Map<String, Handler> handlers) {
    this.handlers = handlers;
  }

  /**
   * The commands of {@link CommandTable#standard}.
   *
   * @param valueBytes the longest value that APPEND may make
   */
  public static Commands standard(int valueBytes) {
    var handlers = new HashMap<String, Handler>();
    SetFamily.addTo(handlers);
    StringFamily.addTo(handlers, valueBytes);
    CounterFamily.addTo(handlers);
    KeyFamily.addTo(handlers);
    ExpiryFamily.addTo(handlers);
    return new Commands(handlers);
  }

  @Override
  public Evaluation evaluate(Command command, View view, long nowMs) {
    return handler(command).evaluate(command, view, nowMs);
  }

  @Override
  public boolean isBlind(Command command) {
    return handler(command).isBlind(command);
  }

  private Handler handler(Command command) {
    Handler handler = handlers.get(command.spec().name());
    if (handler == null) {
      throw new IllegalArgumentException("no evaluation of " + command.spec().name());
    }
    return handler;
  }
}
