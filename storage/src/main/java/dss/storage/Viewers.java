package dss.storage;

import java.util.ArrayList;
import java.util.List;

/** How many other threads are reading what the loop keeps: meanwhile no array is used again. Loop only. */
final class Viewers {
  /** What comes back while one views that stays for long is left to the collector. */
  private static final int MOST_LATER = 8192;

  private final List<Runnable> later = new ArrayList<>();
  private int count;

  void begin() {
    count++;
  }

  void end() {
    count--;
    if (count == 0 && !later.isEmpty()) {
      List<Runnable> due = List.copyOf(later);
      later.clear();
      due.forEach(Runnable::run);
    }
  }

  /** Now, or once nobody views any more; perhaps never. */
  void whenNone(Runnable giveBack) {
    if (count == 0) {
      giveBack.run();
    } else if (later.size() < MOST_LATER) {
      later.add(giveBack);
    }
  }
}
