package dss.sim;

import java.util.List;

/**
 * Where a run is to stop for a reader. Most violations are seen when they happen, and nothing comes after them. A history
 * is looked at when all is over; but one that has an order has one at each earlier time too, so that the first answer
 * without one is found by halving.
 */
final class Ending {
  private Ending() {}

  /** The scenario, up to the first answer with which the history that it fails by has no order; others as they are. */
  static Scenario cut(Scenario failing) {
    Telling whole = Simulation.tell(failing);
    String violation = whole.outcome().violation();
    if (violation == null || !ViolationKind.isOfHistory(violation)) {
      return failing;
    }
    List<Long> answers = whole.answers();
    int good = -1;
    int bad = answers.size();
    while (bad - good > 1) {
      int middle = (good + bad) >>> 1;
      if (fails(until(failing, answers.get(middle)))) {
        bad = middle;
      } else {
        good = middle;
      }
    }
    return bad == answers.size() ? failing : until(failing, answers.get(bad));
  }

  private static Scenario until(Scenario scenario, long micros) {
    return scenario.with(scenario.kept().withUntil(micros));
  }

  private static boolean fails(Scenario scenario) {
    String violation = Simulation.run(scenario).violation();
    return violation != null && ViolationKind.isOfHistory(violation);
  }
}
