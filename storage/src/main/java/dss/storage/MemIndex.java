package dss.storage;

import dss.core.entry.Entry;
import dss.protocol.Bytes;
import java.util.Arrays;

/**
 * What is applied and not flushed, of one shard: for each record its newest effect, found by an open-addressing
 * table of 8 bytes a slot, 16 bits of hash and the 48-bit place of the effect in the log's memory. Nothing is
 * allocated before the first effect. Loop only until it is sealed; then nobody changes it.
 */
final class MemIndex {
  private static final long[] NONE = new long[0];
  private static final int FIRST_SIZE = 8;

  private long[] slots = NONE;
  private int size;
  private long oldest = Long.MAX_VALUE;
  private final TablePool pool;
  private final int expected;

  /** @param expected how many records the one before it held: a busy shard need not grow step by step again */
  MemIndex(TablePool pool, int expected) {
    this.pool = pool;
    this.expected = expected;
  }

  private MemIndex(TablePool pool, long[] slots, int size) {
    this.slots = slots;
    this.size = size;
    this.pool = pool;
    this.expected = 0;
  }

  int size() {
    return size;
  }

  /** Number of the oldest segment that something in it may lie in. */
  long oldestSegment() {
    return oldest;
  }

  /** As it is now, for another thread. */
  MemIndex copy() {
    return new MemIndex(pool, slots.clone(), size);
  }

  /** Nobody uses it any more, but for the pool's viewers. */
  void letGo() {
    pool.give(slots);
  }

  /** Low 48 bits of the place of the newest effect on the record, or 0. */
  long find(SegmentTable segments, int kind, int slot, int hash, Bytes key) {
    if (size == 0) {
      return 0;
    }
    int mixed = mix(hash, kind);
    long tag = (long) (mixed >>> 16) << Place.REF_BITS;
    int mask = slots.length - 1;
    for (int i = mixed & mask;; i = i + 1 & mask) {
      long found = slots[i];
      if (found == 0) {
        return 0;
      }
      if ((found ^ tag) >>> Place.REF_BITS == 0) {
        long ref = found & Place.REF_MASK;
        byte[] array = segments.memory(ref);
        int at = Place.offset(ref);
        if (Entry.effectIsOf(array, at, kind, hash, key) && Entry.effectSlot(array, at) == slot
            && Entry.elementLength(array, at) == 0) {
          return ref;
        }
      }
    }
  }

  /** As {@link #find}, for the record that another effect is about. */
  long findLike(SegmentTable segments, byte[] array, int at) {
    if (size == 0) {
      return 0;
    }
    int mixed = mix(Entry.effectHash(array, at), Entry.effectKind(array, at));
    int mask = slots.length - 1;
    for (int i = mixed & mask;; i = i + 1 & mask) {
      if (slots[i] == 0) {
        return 0;
      }
      long ref = slots[i] & Place.REF_MASK;
      if (slots[i] >>> Place.REF_BITS == mixed >>> 16
          && sameRecord(segments.memory(ref), Place.offset(ref), array, at)) {
        return ref;
      }
    }
  }

  /** The effect at a place becomes the newest on its record. */
  void put(SegmentTable segments, byte[] array, int at, long place) {
    if (size >= slots.length - (slots.length >>> 2)) {
      grow(segments);
    }
    oldest = Math.min(oldest, Place.segment(place));
    long ref = place & Place.REF_MASK;
    int mixed = mix(Entry.effectHash(array, at), Entry.effectKind(array, at));
    long tag = (long) (mixed >>> 16) << Place.REF_BITS;
    int mask = slots.length - 1;
    for (int i = mixed & mask;; i = i + 1 & mask) {
      long found = slots[i];
      if (found == 0) {
        slots[i] = tag | ref;
        size++;
        return;
      }
      if ((found ^ tag) >>> Place.REF_BITS == 0) {
        long other = found & Place.REF_MASK;
        if (sameRecord(segments.memory(other), Place.offset(other), array, at)) {
          slots[i] = tag | ref;
          return;
        }
      }
    }
  }

  /** The places of all newest effects, in no order. */
  long[] refs() {
    long[] refs = new long[size];
    int count = 0;
    for (long found : slots) {
      if (found != 0) {
        refs[count++] = found & Place.REF_MASK;
      }
    }
    return refs;
  }

  static boolean sameRecord(byte[] a, int x, byte[] b, int y) {
    if (Entry.effectHash(a, x) != Entry.effectHash(b, y) || Entry.effectKind(a, x) != Entry.effectKind(b, y)
        || Entry.effectSlot(a, x) != Entry.effectSlot(b, y) || Entry.keyLength(a, x) != Entry.keyLength(b, y)
        || Entry.elementLength(a, x) != Entry.elementLength(b, y)) {
      return false;
    }
    int length = Entry.keyLength(a, x) + Entry.elementLength(a, x);
    int p = Entry.keyAt(a, x);
    int q = Entry.keyAt(b, y);
    return Arrays.equals(a, p, p + length, b, q, q + length);
  }

  private void grow(SegmentTable segments) {
    long[] old = slots;
    int wanted = old.length == 0 ? expected + expected / 2 : 0;
    int length = Math.max(FIRST_SIZE, old.length * 2);
    while (length < wanted) {
      length *= 2;
    }
    slots = pool.take(length);
    int mask = length - 1;
    for (long found : old) {
      if (found != 0) {
        long ref = found & Place.REF_MASK;
        byte[] array = segments.memory(ref);
        int i = mix(Entry.effectHash(array, Place.offset(ref)), Entry.effectKind(array, Place.offset(ref)))
            & mask;
        while (slots[i] != 0) {
          i = i + 1 & mask;
        }
        slots[i] = found;
      }
    }
    pool.give(old);
  }

  /** Where a record's slots begin, and, its upper half, the 16 bits that are kept of it there. */
  static int mix(int hash, int kind) {
    int h = (hash + kind * 0x632be5ab) * 0x9e3779b9;
    return h ^ (h >>> 15);
  }
}
