package dss.storage;

import dss.core.entry.Effect;
import dss.core.entry.Entry;
import java.util.Arrays;

/**
 * Brings effects into the order of their store keys. Slot, kind and hash decide nearly always, so they are compared as
 * one number; only effects that agree in it are looked at.
 */
final class RefSort {
  private static final int FEW = 16;

  private final SegmentTable segments;
  private final long[] prefixes;
  private final long[] refs;

  private RefSort(SegmentTable segments, long[] refs) {
    this.segments = segments;
    this.refs = refs;
    this.prefixes = new long[refs.length];
    for (int i = 0; i < refs.length; i++) {
      prefixes[i] = prefix(segments.memory(refs[i]), Place.offset(refs[i]));
    }
  }

  static void sort(SegmentTable segments, long[] refs) {
    var sort = new RefSort(segments, refs);
    sort.sort(0, refs.length - 1);
  }

  private static long prefix(byte[] array, int at) {
    int kind = Entry.effectKind(array, at);
    // An outcome's key has no hash: its bytes decide.
    long hash = kind == Effect.OUTCOMES ? 0 : Entry.effectHash(array, at) & 0xffffffffL;
    return (long) Entry.effectSlot(array, at) << 40 | (long) kind << 32 | hash;
  }

  private void sort(int from, int to) {
    int low = from;
    int high = to;
    while (high - low > FEW) {
      int middle = partition(low, high);
      // The smaller part by recursion: its depth stays logarithmic.
      if (middle - low < high - middle) {
        sort(low, middle);
        low = middle + 1;
      } else {
        sort(middle + 1, high);
        high = middle;
      }
    }
    insertion(low, high);
  }

  private int partition(int low, int high) {
    int middle = low + high >>> 1;
    long prefix = prefixes[middle];
    long ref = refs[middle];
    int i = low - 1;
    int j = high + 1;
    while (true) {
      do {
        i++;
      } while (compare(prefixes[i], refs[i], prefix, ref) < 0);
      do {
        j--;
      } while (compare(prefixes[j], refs[j], prefix, ref) > 0);
      if (i >= j) {
        return j;
      }
      swap(i, j);
    }
  }

  private void insertion(int low, int high) {
    for (int i = low + 1; i <= high; i++) {
      for (int j = i; j > low && compare(prefixes[j - 1], refs[j - 1], prefixes[j], refs[j]) > 0; j--) {
        swap(j - 1, j);
      }
    }
  }

  private void swap(int i, int j) {
    long prefix = prefixes[i];
    prefixes[i] = prefixes[j];
    prefixes[j] = prefix;
    long ref = refs[i];
    refs[i] = refs[j];
    refs[j] = ref;
  }

  private int compare(long prefixA, long refA, long prefixB, long refB) {
    if (prefixA != prefixB) {
      return Long.compare(prefixA, prefixB);
    }
    return refA == refB ? 0 : compareKeys(refA, refB);
  }

  private int compareKeys(long refA, long refB) {
    byte[] a = segments.memory(refA);
    byte[] b = segments.memory(refB);
    byte[] keyA = new byte[StoreKey.bound(a, Place.offset(refA))];
    byte[] keyB = new byte[StoreKey.bound(b, Place.offset(refB))];
    int lengthA = StoreKey.ofEffect(a, Place.offset(refA), keyA);
    int lengthB = StoreKey.ofEffect(b, Place.offset(refB), keyB);
    return Arrays.compareUnsigned(keyA, 0, lengthA, keyB, 0, lengthB);
  }
}
