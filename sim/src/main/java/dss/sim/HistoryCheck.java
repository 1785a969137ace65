package dss.sim;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether a history of many keys is linearizable, each key for itself (a history is if each key's part is: Herlihy and
 * Wing, 1990, section 3.2). All keys are absent when it begins. Immutable.
 *
 * @param operations how many there are
 * @param keys of how many keys
 * @param unknown how many of the operations are of unknown fate
 * @param violations the keys whose operations have no order, in the order of their first lines
 */
public record HistoryCheck(int operations, int keys, int unknown, List<Violation> violations) {
  /**
   * A key whose operations fit no order.
   *
   * @param lines for people: how far an order goes, and what lies around its end
   */
  public record Violation(String key, List<String> lines) {
    public Violation {
      lines = List.copyOf(lines);
    }
  }

  public HistoryCheck {
    violations = List.copyOf(violations);
  }

  /**
   * Looks for an order of each key's operations. Takes time and memory by the operations of a key times those of unknown
   * fate among them and those at once.
   *
   * @throws Linearizability.UndecidedException where that takes too long: says of which key
   */
  public static HistoryCheck of(Collection<Operation> history) {
    Map<String, List<Operation>> byKey = new LinkedHashMap<>();
    history.forEach(each -> byKey.computeIfAbsent(each.key(), key -> new ArrayList<>()).add(each));
    int unknown = (int) history.stream().filter(each -> !each.known()).count();
    var violations = new ArrayList<Violation>();
    byKey.forEach((key, operations) -> {
      if (!holds(operations)) {
        violations.add(new Violation(key, new Contradiction(operations).lines()));
      }
    });
    return new HistoryCheck(history.size(), byKey.size(), unknown, violations);
  }

  /** Whether the operations of one key have an order. */
  static boolean holds(List<Operation> ofOneKey) {
    var numbers = new LinkedHashMap<String, Integer>();
    var ops = new ArrayList<Op>(ofOneKey.size());
    for (Operation each : ofOneKey) {
      numbers.putIfAbsent(each.client(), numbers.size());
      ops.add(each.toOp(numbers.getOrDefault(each.client(), 0)));
    }
    return Linearizability.holds(ops);
  }
}
