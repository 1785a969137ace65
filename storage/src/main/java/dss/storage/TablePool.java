package dss.storage;

import java.util.ArrayDeque;

/**
 * Arrays of {@link MemIndex}, used again: they live for some flushes, so the collector would move them to where only a full
 * collection finds that they are garbage. Of sizes that nobody asks for any more none are kept for long. Loop only.
 */
final class TablePool {
  private static final int SIZES = Integer.SIZE;

  private final Viewers viewers;
  private final long keepAtMost;
  /** Of 2 to the power of the index. */
  private final ArrayDeque<long[]>[] free;
  /** When one of that size was last asked for, counted in arrays taken. */
  private final long[] takenAt = new long[SIZES];
  private long taken;
  private long made;
  private long freeBytes;
  /** Given back and still viewed. */
  private long viewedBytes;

  /**
   * @param viewers who may still read an array that is given back: it is used again after them
   * @param keepAtMost bytes of arrays that wait to be used again; as many may be viewed meanwhile
   */
  @SuppressWarnings("unchecked")
  TablePool(Viewers viewers, long keepAtMost) {
    this.viewers = viewers;
    this.keepAtMost = keepAtMost;
    this.free = new ArrayDeque[SIZES];
    for (int i = 0; i < SIZES; i++) {
      free[i] = new ArrayDeque<>(0);
    }
  }

  /** All zeros. @param length a power of two */
  long[] take(int length) {
    int size = Integer.numberOfTrailingZeros(length);
    takenAt[size] = ++taken;
    long[] used = free[size].pollFirst();
    if (used == null) {
      made++;
      return new long[length];
    }
    freeBytes -= bytes(size);
    java.util.Arrays.fill(used, 0);
    return used;
  }

  void give(long[] array) {
    long bytes = 8L * array.length;
    if (array.length > 0 && viewedBytes + bytes <= keepAtMost) {
      viewedBytes += bytes;
      viewers.whenNone(() -> {
        viewedBytes -= bytes;
        keep(array);
      });
    }
  }

  private void keep(long[] array) {
    int size = Integer.numberOfTrailingZeros(array.length);
    free[size].addFirst(array);
    freeBytes += bytes(size);
    while (freeBytes > keepAtMost) {
      int forgotten = longestNotTaken();
      free[forgotten].removeLast();
      freeBytes -= bytes(forgotten);
    }
  }

  private int longestNotTaken() {
    int found = -1;
    for (int size = 0; size < SIZES; size++) {
      if (!free[size].isEmpty() && (found < 0 || takenAt[size] < takenAt[found])) {
        found = size;
      }
    }
    return found;
  }

  /** Arrays that had to be made, as none was free. */
  long made() {
    return made;
  }

  long freeBytes() {
    return freeBytes;
  }

  private static long bytes(int size) {
    return 8L << size;
  }
}
