package dss.storage;

import java.util.ArrayDeque;

/** Arrays of segments, used again: a fresh one of 16 MiB costs its zeroing and its pages. Loop only. */
final class SegmentPool {
  private final Viewers viewers;
  private final int segmentBytes;
  private final int keepAtMost;
  /** Given back and still viewed. */
  private int viewed;
  private final ArrayDeque<byte[]> free = new ArrayDeque<>();

  /** @param viewers who may still read an array that is given back: it is used again after them */
  SegmentPool(Viewers viewers, int segmentBytes, int keepAtMost) {
    this.viewers = viewers;
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
    if (array.length == segmentBytes && free.size() + viewed < keepAtMost) {
      viewed++;
      viewers.whenNone(() -> {
        viewed--;
        free.addFirst(array);
      });
    }
  }
}
