package dss.core.replication;

import dss.protocol.Reply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Commands of one shard that are not appended yet and wait, first in first out. Loop only. */
final class Parking {
  private record Parked(Call call, long deadline) {}

  private final ArrayDeque<Parked> parked = new ArrayDeque<>();

  boolean isEmpty() {
    return parked.isEmpty();
  }

  int size() {
    return parked.size();
  }

  void add(Call call, long deadline) {
    parked.addLast(new Parked(call, deadline));
  }

  /** They come before all that wait: later commands of their connections may be among those. */
  void addBefore(List<Call> calls, long deadline) {
    for (Call call : calls.reversed()) {
      parked.addFirst(new Parked(call, deadline));
    }
  }

  /** Whether a command of this connection waits: its next one waits behind. */
  boolean has(Object connection) {
    if (parked.isEmpty()) {
      return false;
    }
    for (Parked p : parked) {
      if (p.call.connection() == connection) {
        return true;
      }
    }
    return false;
  }

  /** Offers each command, in order, to {@code take}; one that is not taken keeps later ones of its connection back. */
  void offer(Predicate<Call> take) {
    if (parked.isEmpty()) {
      return;
    }
    Set<Object> blocked = Collections.newSetFromMap(new IdentityHashMap<>());
    var waiting = new ArrayList<>(parked);
    parked.clear();
    for (Parked p : waiting) {
      if (p.call.abandoned()) {
        continue;
      }
      if (blocked.contains(p.call.connection()) || !take.test(p.call)) {
        blocked.add(p.call.connection());
        parked.addLast(p);
      }
    }
  }

  /**
   * The same for some of them and what waits behind those; the others stay, and keep later ones of their connections
   * back.
   */
  void offerThose(Predicate<Call> concerned, Predicate<Call> take) {
    Set<Object> blocked = Collections.newSetFromMap(new IdentityHashMap<>());
    Set<Object> freed = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Iterator<Parked> it = parked.iterator(); it.hasNext();) {
      Call call = it.next().call;
      boolean offered = !blocked.contains(call.connection())
          && (call.abandoned() || freed.contains(call.connection()) || concerned.test(call));
      if (offered && (call.abandoned() || take.test(call))) {
        it.remove();
        freed.add(call.connection());
      } else {
        blocked.add(call.connection());
      }
    }
  }

  /** Removes what has waited long enough. */
  List<Call> overdue(long now) {
    List<Call> overdue = List.of();
    for (Iterator<Parked> it = parked.iterator(); it.hasNext();) {
      Parked p = it.next();
      if (now >= p.deadline || p.call.abandoned()) {
        overdue = overdue.isEmpty() ? new ArrayList<>() : overdue;
        overdue.add(p.call);
        it.remove();
      }
    }
    return overdue;
  }

  void answerAll(java.util.function.Function<Call, Reply> with) {
    var all = new ArrayList<>(parked);
    parked.clear();
    all.forEach(p -> p.call.answer(with.apply(p.call)));
  }
}
