package dss.ecs;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** What happened to servers and shards, newest last, with time and cause. Loop only. */
final class EventLog {
  /** A change of all shards of a large cluster a few times over. */
  private static final int KEPT = 20_000;

  record Event(Instant time, String what) {}

  private final ArrayDeque<Event> events = new ArrayDeque<>();

  void add(String what) {
    events.addLast(new Event(Instant.now(), what));
    if (events.size() > KEPT) {
      events.removeFirst();
    }
  }

  List<Event> last(int count) {
    var all = new ArrayList<>(events);
    return all.subList(Math.max(0, all.size() - count), all.size());
  }
}
