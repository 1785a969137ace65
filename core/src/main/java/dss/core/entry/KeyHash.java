package dss.core.entry;

/** The 32-bit hash of a user key: part of every store key and of SCAN's cursor, so it never changes. */
public final class KeyHash {
  private KeyHash() {}

  /** FNV-1a over the bytes, then the finalizer of MurmurHash3. */
  public static int of(byte[] array, int from, int length) {
    int h = 0x811c9dc5;
    for (int i = from; i < from + length; i++) {
      h = (h ^ (array[i] & 0xff)) * 0x01000193;
    }
    h ^= h >>> 16;
    h *= 0x85ebca6b;
    h ^= h >>> 13;
    h *= 0xc2b2ae35;
    return h ^ (h >>> 16);
  }

  public static int of(dss.protocol.Bytes key) {
    return of(key.array(), key.arrayOffset(), key.length());
  }
}
