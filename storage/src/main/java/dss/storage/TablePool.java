package dss.storage;

import java.util.ArrayDeque;

/**
 * Arrays of {@link MemIndex}, used again: they live for some flushes, so the collector would move them to where only a full
 * collection finds that they are garbage. Loop only.
 */
final class TablePool {
  private final Viewers viewers;
  private final long keepAtMost;
  /** Of 2 to the power of the index. */
  private final ArrayDeque<long[]>[] free;
  private long freeBytes;

  /** @param keepAtMost bytes of arrays that wait to be used again */
  @SuppressWarnings("unchecked")
  TablePool(Viewers viewers, long keepAtMost) {
    this.viewers = viewers;
    this.keepAtMost = keepAtMost;
    this.free = new ArrayDeque[Integer.SIZE];
    for (int i = 0; i < free.length; i++) {
      free[i] = new ArrayDeque<>(0);
    }
  }

  /** All zeros. @param length a power of two */
  long[] take(int length) {
    long[] used = free[Integer.numberOfTrailingZeros(length)].pollFirst();
    if (used == null) {
      return new long[length];
    }
    freeBytes -= bytes(used);
    java.util.Arrays.fill(used, 0);
    return used;
  }

  /** Nobody but those who are viewing still knows it. */
  void give(long[] array) {
    if (array.length > 0 && !viewers.any() && freeBytes + bytes(array) <= keepAtMost) {
      free[Integer.numberOfTrailingZeros(array.length)].addFirst(array);
      freeBytes += bytes(array);
    }
  }

  long freeBytes() {
    return freeBytes;
  }

  private static long bytes(long[] array) {
    return 8L * array.length;
  }
}
