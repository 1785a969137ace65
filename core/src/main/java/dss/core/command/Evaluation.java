package dss.core.command;

import dss.core.entry.Effect;
import dss.protocol.Reply;
import java.util.List;

/**
 * What a command comes to: what it writes (nothing: it was a read) and what it answers.
 *
 * @param effects in order; all of them take effect at once
 * @param reply the answer, once the effects are committed
 */
public record Evaluation(List<Effect> effects, Reply reply) {
  public Evaluation {
    effects = List.copyOf(effects);
  }

  public static Evaluation read(Reply reply) {
    return new Evaluation(List.of(), reply);
  }
}
