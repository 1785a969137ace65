package dss.bench;

import java.util.SplittableRandom;

/**
 * Values to write: pieces of one run of random letters and digits, so that no store compresses them to nothing.
 * Immutable.
 */
final class ValuePool {
  /** As many different values; small enough for a core's cache. */
  static final int OFFSETS = 1 << 14;
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

  private final byte[] bytes;
  private final int valueBytes;

  ValuePool(int valueBytes, long seed) {
    this.valueBytes = valueBytes;
    this.bytes = new byte[OFFSETS + valueBytes];
    var random = new SplittableRandom(seed);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) LETTERS.charAt(random.nextInt(LETTERS.length()));
    }
  }

  int valueBytes() {
    return valueBytes;
  }

  /** A value begins at each place from 0 to below {@link #OFFSETS}; not to be changed. */
  byte[] bytes() {
    return bytes;
  }
}
