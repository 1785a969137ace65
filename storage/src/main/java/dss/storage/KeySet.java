package dss.storage;

import dss.core.entry.LittleEndian;

/**
 * Which keys the store has of one shard, by 64 bits of hash: open addressing, 8 bytes a slot, three quarters full at
 * most. Two keys of one hash are one here, so what is counted with it may be wrong by one key in 10^19 pairs; what must
 * not be lost is to be asked of the store. For one thread.
 */
final class KeySet {
  private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;
  private static final int LEAST = 8;

  private long[] slots;
  private int size;

  /** Room for so many before it grows. */
  KeySet(long keys) {
    slots = new long[slotsFor(keys)];
  }

  private static int slotsFor(long keys) {
    long wanted = Math.max(LEAST, keys + (keys + 2) / 3);
    return (int) Math.min(1 << 30, Long.highestOneBit(wanted - 1) * 2);
  }

  /** Memory of a set with room for so many keys. */
  static long bytesFor(long keys) {
    return 8L * slotsFor(keys);
  }

  long bytes() {
    return 8L * slots.length;
  }

  int size() {
    return size;
  }

  /** Of the first bytes of a store key; never 0. */
  static long hash(byte[] key, int length) {
    long h = length * MULTIPLIER;
    int at = 0;
    for (; at + 8 <= length; at += 8) {
      h = mixed(h ^ LittleEndian.getLong(key, at));
    }
    long tail = 0;
    for (; at < length; at++) {
      tail = tail << 8 | key[at] & 0xff;
    }
    h = mixed(h ^ tail);
    return h == 0 ? 1 : h;
  }

  private static long mixed(long h) {
    long m = h * MULTIPLIER;
    m = (m ^ m >>> 32) * 0xd6e8feb86659fd93L;
    return m ^ m >>> 32;
  }

  boolean has(long hash) {
    return slots[find(hash)] != 0;
  }

  /** Whether it was not there. */
  boolean add(long hash) {
    int i = find(hash);
    if (slots[i] != 0) {
      return false;
    }
    if (isFull()) {
      grow();
      i = find(hash);
    }
    slots[i] = hash;
    size++;
    return true;
  }

  /** Whether it was there. */
  boolean remove(long hash) {
    int hole = find(hash);
    if (slots[hole] == 0) {
      return false;
    }
    int mask = slots.length - 1;
    // What was put behind it for want of its own slot moves up, or it would not be found any more.
    for (int i = hole + 1 & mask; slots[i] != 0; i = i + 1 & mask) {
      if ((i - start(slots[i]) & mask) >= (i - hole & mask)) {
        slots[hole] = slots[i];
        hole = i;
      }
    }
    slots[hole] = 0;
    size--;
    return true;
  }

  private boolean isFull() {
    return size >= slots.length - (slots.length >>> 2);
  }

  private int start(long hash) {
    return (int) (hash >>> 32) & slots.length - 1;
  }

  private int find(long hash) {
    int i = start(hash);
    while (slots[i] != 0 && slots[i] != hash) {
      i = i + 1 & slots.length - 1;
    }
    return i;
  }

  private void grow() {
    long[] old = slots;
    slots = new long[2 * old.length];
    for (long hash : old) {
      if (hash != 0) {
        slots[find(hash)] = hash;
      }
    }
  }
}
