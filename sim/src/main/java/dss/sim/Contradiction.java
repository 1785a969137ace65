package dss.sim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Where the operations of a key that fit no order begin not to fit. A history that has an order has one at each earlier
 * time too, so that the first answer without one is found by halving.
 */
final class Contradiction {
  private static final int BEFORE = 8;
  private static final int AT_ONCE = 12;
  private static final int OPEN = 6;
  private static final int WRITERS = 2;

  private final List<Operation> operations;
  /** Those that were answered, in the order of their answers. */
  private final List<Operation> answered;
  private final int ordered;

  /** @param operations of one key, without an order */
  Contradiction(List<Operation> operations) {
    this.operations = List.copyOf(operations);
    answered = operations.stream().filter(Operation::known)
        .sorted(Comparator.comparingLong(Operation::returned)).toList();
    ordered = longest();
  }

  /** How many answers may be counted until there is no order. */
  private int longest() {
    int good = 0;
    int bad = answered.size();
    while (bad - good > 1) {
      int middle = (good + bad) >>> 1;
      if (HistoryCheck.holds(first(middle))) {
        good = middle;
      } else {
        bad = middle;
      }
    }
    return good;
  }

  /** The history as it was at the answer of this number: what was answered later was of unknown fate then. */
  private List<Operation> first(int answers) {
    long time = answered.get(answers - 1).returned();
    var history = new ArrayList<>(answered.subList(0, answers));
    var later = new ArrayList<>(answered.subList(answers, answered.size()));
    operations.stream().filter(each -> !each.known()).forEach(later::add);
    for (Operation each : later) {
      if (each.invoke() <= time) {
        history.add(new Operation(each.client(), each.op(), each.key(), each.args(), each.invoke(),
            Operation.UNKNOWN, null));
      }
    }
    return history;
  }

  /** How many of the answers, in the order of time, fit an order. */
  int ordered() {
    return ordered;
  }

  /** The first answer with which no order is left. */
  Operation culprit() {
    return answered.get(ordered);
  }

  /** For people: how far an order goes, and the operations around its end. */
  List<String> lines() {
    var lines = new ArrayList<String>();
    lines.add("  " + operations.size() + " operations, " + (operations.size() - answered.size())
        + " of unknown fate; the first " + ordered
        + " answers have an order, with the next one, marked >, there is none:");
    around().stream().sorted(Comparator.comparingLong(Operation::invoke))
        .forEach(each -> lines.add((each.equals(culprit()) ? "  > " : "    ") + each));
    return lines;
  }

  /** What was at once with the culprit, what ended before it, what may have happened at any time, who wrote its value. */
  private Set<Operation> around() {
    Operation culprit = culprit();
    var shown = new LinkedHashSet<Operation>();
    shown.add(culprit);
    List<Operation> before = answered.subList(0, ordered).stream()
        .filter(each -> each.returned() < culprit.invoke()).toList();
    shown.addAll(last(before, BEFORE));
    answered.stream()
        .filter(each -> each.returned() >= culprit.invoke() && each.invoke() <= culprit.returned())
        .limit(AT_ONCE).forEach(shown::add);
    shown.addAll(last(operations.stream()
        .filter(each -> !each.known() && !each.op().equals("GET") && each.invoke() <= culprit.returned())
        .sorted(Comparator.comparingLong(Operation::invoke)).toList(), OPEN));
    operations.stream().filter(each -> !each.args().isEmpty() && each.args().get(0).equals(culprit.result()))
        .limit(WRITERS).forEach(shown::add);
    return shown;
  }

  private static List<Operation> last(List<Operation> all, int most) {
    return all.subList(Math.max(0, all.size() - most), all.size());
  }
}
