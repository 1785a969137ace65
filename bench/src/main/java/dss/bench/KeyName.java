package dss.bench;

import dss.protocol.Slots;
import java.nio.charset.StandardCharsets;

/** A key's name: a prefix and its number in twelve digits, as redis-benchmark has them. Reused; for one thread. */
final class KeyName {
  static final int DIGITS = 12;
  private static final int HALF = 1_000_000;

  private final byte[] name;
  private final int digitsFrom;
  private long number;

  KeyName(String prefix) {
    this.name = (prefix + "0".repeat(DIGITS)).getBytes(StandardCharsets.US_ASCII);
    this.digitsFrom = prefix.length();
  }

  /** Becomes the name of this key, 0 to a billion. */
  void set(long key) {
    if (key != number) {
      number = key;
      sixDigits((int) (key / HALF), digitsFrom);
      sixDigits((int) (key % HALF), digitsFrom + DIGITS / 2);
    }
  }

  private void sixDigits(int value, int from) {
    int left = value;
    for (int at = from + DIGITS / 2 - 1; at >= from; at--) {
      name[at] = (byte) ('0' + left % 10);
      left /= 10;
    }
  }

  /** Where this key lies on the ring; also that of keys which have this name as their hash tag. */
  int slot() {
    return Slots.of(name, 0, name.length);
  }

  /** The bytes of the name, its digits from {@link #digitsFrom} on; they change with the next key. */
  byte[] bytes() {
    return name;
  }

  int digitsFrom() {
    return digitsFrom;
  }
}
