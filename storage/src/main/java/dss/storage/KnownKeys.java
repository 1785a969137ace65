package dss.storage;

/**
 * Of unflushed effects, by their place, whether the store has their key: asked once, however often keys are counted.
 * Holds until the shard's next flush. For one thread.
 */
final class KnownKeys {
  static final KnownKeys NONE = new KnownKeys(0);

  private static final long STORED = 1L << 63;

  private final long[] slots;
  private int size;

  KnownKeys(int atMost) {
    slots = new long[Integer.highestOneBit(Math.max(1, atMost)) * 4];
  }

  void put(long ref, boolean stored) {
    int i = start(ref);
    while (slots[i] != 0) {
      i = i + 1 & slots.length - 1;
    }
    slots[i] = stored ? ref | STORED : ref;
    size++;
  }

  int size() {
    return size;
  }

  /** 1: the store has it, 0: it has not, -1: not known. */
  int find(long ref) {
    for (int i = start(ref); slots[i] != 0; i = i + 1 & slots.length - 1) {
      if ((slots[i] & ~STORED) == ref) {
        return slots[i] < 0 ? 1 : 0;
      }
    }
    return -1;
  }

  private int start(long ref) {
    return (int) (ref * 0x9e3779b97f4a7c15L >>> 32) & slots.length - 1;
  }
}
