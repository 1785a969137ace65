package dss.bench;

import java.util.ArrayDeque;
import java.util.function.Consumer;

/** Operations that are sent again after a pause, the same for all: first in first out. Loop only. */
final class Delays {
  /** Long enough that a server that says "not now" is not stormed, short beside any failover. */
  private static final long PAUSE_NANOS = 10_000_000L;

  private record Delayed(Operation operation, long due) {}

  private final ArrayDeque<Delayed> queue = new ArrayDeque<>();

  void add(Operation operation, long now) {
    queue.add(new Delayed(operation, now + PAUSE_NANOS));
  }

  /** Gives those whose pause is over. */
  void release(long now, Consumer<Operation> to) {
    for (Delayed first = queue.peek(); first != null && now - first.due >= 0; first = queue.peek()) {
      queue.remove();
      to.accept(first.operation);
    }
  }

  void clear() {
    queue.clear();
  }
}
