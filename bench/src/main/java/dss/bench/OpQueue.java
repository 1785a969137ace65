package dss.bench;

import java.util.Arrays;

/** Operations that wait, first in first out, in arrays: nothing is allocated for one. For one thread. */
final class OpQueue {
  private static final Kind[] KINDS = Kind.values();
  private static final int INITIAL = 64;

  private long[] keys = new long[INITIAL];
  private long[] starts = new long[INITIAL];
  /** The kind's number and, above it, the tries. */
  private int[] kinds = new int[INITIAL];
  private int first;
  private int size;

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  void add(Kind kind, long key, long start, int tries) {
    if (size == keys.length) {
      grow();
    }
    int at = (first + size++) & (keys.length - 1);
    keys[at] = key;
    starts[at] = start;
    kinds[at] = kind.ordinal() | tries << 8;
  }

  /** The kind of the first one; the queue must not be empty, here and below. */
  Kind kind() {
    return KINDS[kinds[first] & 0xff];
  }

  long key() {
    return keys[first];
  }

  long start() {
    return starts[first];
  }

  int tries() {
    return kinds[first] >>> 8;
  }

  /** The first one is gone. */
  void remove() {
    first = (first + 1) & (keys.length - 1);
    size--;
  }

  /** Which queue an operation goes to. */
  interface Way {
    OpQueue of(Kind kind, long key);
  }

  /** Moves all to other queues. */
  void drainTo(Way way) {
    for (; size > 0; remove()) {
      way.of(kind(), key()).add(kind(), key(), start(), tries());
    }
  }

  void clear() {
    first = 0;
    size = 0;
  }

  private void grow() {
    int length = keys.length;
    keys = rotated(keys);
    starts = rotated(starts);
    int[] grown = Arrays.copyOf(Arrays.copyOfRange(kinds, first, length), 2 * length);
    System.arraycopy(kinds, 0, grown, length - first, first);
    kinds = grown;
    first = 0;
  }

  private long[] rotated(long[] array) {
    long[] grown = Arrays.copyOf(Arrays.copyOfRange(array, first, array.length), 2 * array.length);
    System.arraycopy(array, 0, grown, array.length - first, first);
    return grown;
  }
}
