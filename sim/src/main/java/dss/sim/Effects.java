package dss.sim;

import java.util.EnumMap;
import java.util.Map;

/** How often each effect came in one run. */
final class Effects {
  private final Map<Effect, Integer> counts = new EnumMap<>(Effect.class);

  void count(Effect effect) {
    counts.merge(effect, 1, Integer::sum);
  }

  /** Of those that came. */
  Map<Effect, Integer> counts() {
    return Map.copyOf(counts);
  }
}
