package dss.sim;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a history of one key is linearizable: Wing and Gong's search, with Lowe's memory of what was tried (the set of
 * operations placed and the value they left). An operation of unknown outcome may be placed anywhere after its call, or never.
 */
public final class Linearizability {
  private record Tried(BitSet placed, @Nullable String value) {}

  private final List<Op> ops;
  private final Set<Tried> tried = new HashSet<>();
  private final int known;

  private Linearizability(List<Op> history) {
    ops = new ArrayList<>(history);
    ops.sort(Comparator.comparingLong(op -> op.invoked));
    known = (int) ops.stream().filter(Op::known).count();
  }

  static boolean holds(List<Op> historyOfOneKey) {
    return new Linearizability(historyOfOneKey).search();
  }

  /** Depth first, without recursion: histories may be long. */
  private boolean search() {
    record Frame(int op, @Nullable String before) {}
    var placed = new BitSet(ops.size());
    var path = new ArrayList<Frame>();
    String value = null;
    int knownPlaced = 0;
    int from = 0;
    while (knownPlaced < known) {
      int next = candidate(placed, value, from);
      if (next >= 0) {
        Op op = ops.get(next);
        path.add(new Frame(next, value));
        value = KeyModel.step(value, op).after();
        placed.set(next);
        knownPlaced += op.known() ? 1 : 0;
        from = 0;
      } else if (path.isEmpty()) {
        return false;
      } else {
        Frame last = path.remove(path.size() - 1);
        placed.clear(last.op());
        knownPlaced -= ops.get(last.op()).known() ? 1 : 0;
        value = last.before();
        from = last.op() + 1;
      }
    }
    return true;
  }

  /** The next operation, from {@code from} on, that may come now, says what it said, and leads somewhere new. */
  private int candidate(BitSet placed, @Nullable String value, int from) {
    long firstReturn = Long.MAX_VALUE;
    for (int i = placed.nextClearBit(0); i < ops.size(); i = placed.nextClearBit(i + 1)) {
      if (ops.get(i).invoked > firstReturn) {
        break;
      }
      firstReturn = Math.min(firstReturn, ops.get(i).returned);
    }
    for (int i = placed.nextClearBit(from); i < ops.size(); i = placed.nextClearBit(i + 1)) {
      Op op = ops.get(i);
      if (op.invoked > firstReturn) {
        return -1;
      }
      KeyModel.Step step = KeyModel.step(value, op);
      if (op.known() && !step.reply().equals(op.reply)) {
        continue;
      }
      if (!op.known() && Objects.equals(step.after(), value)) {
        // An unknown operation that changes nothing need not be placed.
        continue;
      }
      var after = (BitSet) placed.clone();
      after.set(i);
      if (tried.add(new Tried(after, step.after()))) {
        return i;
      }
    }
    return -1;
  }
}
