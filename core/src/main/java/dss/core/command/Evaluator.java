package dss.core.command;

/** (command, view) -> (effects, reply), and nothing else: no clock, no memory of its own. */
public interface Evaluator {
  /**
   * Evaluates a keyed command.
   *
   * @param nowMs milliseconds since 1970 at this command's entry: what relative times to live count from
   */
  Evaluation evaluate(Command command, View view, long nowMs);

  /** Whether the command can be evaluated without looking at any key (a plain SET). */
  boolean isBlind(Command command);
}
