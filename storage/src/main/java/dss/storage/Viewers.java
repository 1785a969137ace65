package dss.storage;

/** How many other threads are reading what the loop keeps: meanwhile no array is used again. Loop only. */
final class Viewers {
  private int count;

  void begin() {
    count++;
  }

  void end() {
    count--;
  }

  boolean any() {
    return count > 0;
  }
}
