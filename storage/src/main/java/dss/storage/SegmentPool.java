package dss.storage;

import java.util.ArrayDeque;

/** Arrays of segments, used again: a fresh one of 16 MiB costs its zeroing and its pages. Loop only. */
final class SegmentPool {
  private final int segmentBytes;
  private final int keepAtMost;
  private final ArrayDeque<byte[]> free = new ArrayDeque<>();
  private int viewers;

  SegmentPool(int segmentBytes, int keepAtMost) {
    this.segmentBytes = segmentBytes;
    this.keepAtMost = keepAtMost;
  }

  byte[] take(int bytes) {
    if (bytes == segmentBytes) {
      byte[] used = free.pollFirst();
      return used != null ? used : new byte[segmentBytes];
    }
    return new byte[bytes];
  }

  void give(byte[] array) {
    // Somebody off the loop may still read it: then it is left to the collector.
    if (viewers == 0 && array.length == segmentBytes && free.size() < keepAtMost) {
      free.addFirst(array);
    }
  }

  /** From now on, until {@link #unview}, no array is used again: another thread reads entries where they lie. */
  void view() {
    viewers++;
  }

  void unview() {
    viewers--;
  }
}
