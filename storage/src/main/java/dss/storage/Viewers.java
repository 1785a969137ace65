package dss.storage;

import java.util.ArrayList;
import java.util.List;

/** How many other threads are reading what the loop keeps: meanwhile no array is used again. Loop only. */
final class Viewers {
  private final List<Runnable> later = new ArrayList<>();
  private int count;

  /** How many arrays wait for those who view. */
  int waiting() {
    return later.size();
  }

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

  /** Now, or once nobody views any more; whoever asks bounds how much may wait. */
  void whenNone(Runnable giveBack) {
    if (count == 0) {
      giveBack.run();
    } else {
      later.add(giveBack);
    }
  }
}
