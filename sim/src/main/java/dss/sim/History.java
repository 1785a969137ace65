package dss.sim;

import dss.protocol.Reply;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What all clients did and saw, key by key, but for what is known not to have happened; and what time did: the end of a
 * value that was to live for a while lies as far from its beginning as clocks may be off.
 */
final class History {
  /** A clock may run so much off the true one. */
  private static final double RATE = 1.05;

  private final Map<String, List<Op>> byKey = new LinkedHashMap<>();
  private final Map<Op, Op> ends = new IdentityHashMap<>();
  private final List<Long> refusals = new ArrayList<>();
  /** How far two servers' wall clocks may be apart, microseconds. */
  private final long wallApart;

  History(long wallApart) {
    this.wallApart = wallApart;
  }

  List<Op> of(String key) {
    return byKey.computeIfAbsent(key, k -> new ArrayList<>());
  }

  void add(Op op) {
    of(op.key).add(op);
    if (op.kind == Op.Kind.SET_PX) {
      long soonest = op.invoked + (long) (millis(op) / RATE) - wallApart;
      var end = new Op(-1, Op.Kind.EXPIRED, op.key, op.argument, "", Math.max(op.invoked, soonest));
      end.before = op;
      ends.put(op, end);
      of(op.key).add(end);
    }
  }

  private static long millis(Op op) {
    return 1_000 * Long.parseLong(op.expected);
  }

  void answered(Op op, Reply reply, long at) {
    op.reply = reply;
    op.returned = at;
    Op end = ends.get(op);
    if (end != null) {
      end.reply = Reply.OK;
      end.returned = at + (long) (millis(op) * RATE) + wallApart;
    }
  }

  /** It did not happen: so it was said. */
  void remove(Op op, long at) {
    refusals.add(at);
    of(op.key).remove(op);
    Op end = ends.remove(op);
    if (end != null) {
      of(op.key).remove(end);
    }
  }

  /** When clients learned something: what was, or that something was not. In order. */
  List<Long> answers() {
    Stream<Long> returned = byKey.values().stream().flatMap(List::stream)
        .filter(op -> op.known() && op.kind != Op.Kind.EXPIRED).map(op -> op.returned);
    return Stream.concat(refusals.stream(), returned).sorted().distinct().toList();
  }

  Set<String> keys() {
    return byKey.keySet();
  }

  /** What is wrong with what was seen of a key; empty: nothing. */
  String fault(String key) {
    return Linearizability.holds(of(key)) ? "" : "the history of " + key + " is not linearizable";
  }

  /** As {@link #fault}, of what changed something alone: reads say what they like. */
  String faultOfWrites(String key) {
    List<Op> writes = of(key).stream().filter(op -> !op.changedNothing()).toList();
    return Linearizability.holds(writes) ? "" : "the history of writes to " + key + " is not linearizable";
  }
}
