package dss.storage;

/**
 * Where the records of one shard lie in a {@link WarmCache}: an open-addressing table of 8 bytes a slot, 16 bits of hash
 * and the low 48 bits of the record's place. Loop only.
 */
final class WarmIndex {
  private static final int FIRST_SIZE = 8;
  /** No place is that low. */
  private static final long DEAD = 1;

  private final SegmentTable chunks;
  private long[] slots = new long[FIRST_SIZE];
  private int size;
  /** Slots that are not empty, those of records that are gone included. */
  private int filled;

  WarmIndex(SegmentTable chunks) {
    this.chunks = chunks;
  }

  int size() {
    return size;
  }

  /** Low 48 bits of the record's place, or 0. */
  long find(int kind, int hash, byte[] keyArray, int keyAt, int keyLength) {
    int mixed = MemIndex.mix(hash, kind);
    int mask = slots.length - 1;
    for (int i = mixed & mask; slots[i] != 0; i = i + 1 & mask) {
      if (slots[i] != DEAD && slots[i] >>> Place.REF_BITS == mixed >>> 16) {
        long ref = slots[i] & Place.REF_MASK;
        if (WarmRecord.isOf(chunks.memory(ref), Place.offset(ref), kind, hash, keyArray, keyAt, keyLength)) {
          return ref;
        }
      }
    }
    return 0;
  }

  /** A record that was not here lies at that place. */
  void add(int kind, int hash, long place) {
    if (filled >= slots.length - (slots.length >>> 2)) {
      rebuild();
    }
    int mixed = MemIndex.mix(hash, kind);
    int mask = slots.length - 1;
    int i = mixed & mask;
    while (slots[i] != 0) {
      i = i + 1 & mask;
    }
    slots[i] = slot(mixed, place);
    filled++;
    size++;
  }

  /** Whether the record at that place counts. */
  boolean has(int kind, int hash, long place) {
    return slotOf(kind, hash, place) >= 0;
  }

  void move(int kind, int hash, long from, long to) {
    slots[slotOf(kind, hash, from)] = slot(MemIndex.mix(hash, kind), to);
  }

  void remove(int kind, int hash, long place) {
    slots[slotOf(kind, hash, place)] = DEAD;
    size--;
  }

  private int slotOf(int kind, int hash, long place) {
    int mixed = MemIndex.mix(hash, kind);
    long wanted = slot(mixed, place);
    int mask = slots.length - 1;
    for (int i = mixed & mask; slots[i] != 0; i = i + 1 & mask) {
      if (slots[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  private static long slot(int mixed, long place) {
    return (long) (mixed >>> 16) << Place.REF_BITS | place & Place.REF_MASK;
  }

  private void rebuild() {
    long[] old = slots;
    int length = FIRST_SIZE;
    while (length < size * 2) {
      length *= 2;
    }
    slots = new long[length];
    filled = 0;
    size = 0;
    for (long slot : old) {
      if (slot != 0 && slot != DEAD) {
        long ref = slot & Place.REF_MASK;
        byte[] array = chunks.memory(ref);
        add(WarmRecord.kind(array, Place.offset(ref)), WarmRecord.hash(array, Place.offset(ref)), ref);
      }
    }
  }
}
