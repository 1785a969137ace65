package dss.ecs;

import dss.core.ecs.ServerStatus;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What happened to servers and shards, newest last, with time and cause. Shards change by thousands, and do not push out
 * what happened to servers. Loop only.
 */
final class EventLog {
  /** A change of all shards of a large cluster a few times over. */
  private static final int SHARDS_KEPT = 20_000;
  private static final int OTHERS_KEPT = 5_000;
  private static final String SHARD = "shard ";

  record Event(Instant time, String what) {
    boolean ofShard() {
      return what.startsWith(SHARD);
    }

    /** That something moves on a server, or does no longer: it follows from what happened. */
    boolean isOfMoving() {
      return !ofShard() && what.contains(" -> ") && !what.contains(ServerStatus.DOWN.name());
    }

    boolean isOfShard(int shard) {
      return what.startsWith(SHARD + shard + " ");
    }
  }

  private final ArrayDeque<Event> shards = new ArrayDeque<>();
  private final ArrayDeque<Event> others = new ArrayDeque<>();
  private List<Event> unsaved = new ArrayList<>();

  void add(String what) {
    var event = new Event(Instant.now(), what);
    keep(event);
    unsaved.add(event);
  }

  /** What an earlier process of this ECS has saved. */
  void restore(List<Event> saved) {
    saved.forEach(this::keep);
  }

  private void keep(Event event) {
    ArrayDeque<Event> kept = event.ofShard() ? shards : others;
    kept.addLast(event);
    if (kept.size() > (event.ofShard() ? SHARDS_KEPT : OTHERS_KEPT)) {
      kept.removeFirst();
    }
  }

  /** What came since this was asked last. */
  List<Event> takeUnsaved() {
    List<Event> taken = unsaved;
    unsaved = new ArrayList<>();
    return taken;
  }

  List<Event> last(int count) {
    return last(count, event -> true);
  }

  /** The newest of those, oldest first. */
  List<Event> last(int count, Predicate<Event> which) {
    List<Event> all = Stream.concat(others.stream(), shards.stream()).filter(which)
        // Stable, and both parts are in order.
        .sorted(Comparator.comparing(Event::time)).toList();
    return all.subList(Math.max(0, all.size() - count), all.size());
  }
}
