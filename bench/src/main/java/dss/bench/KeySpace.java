package dss.bench;

import dss.protocol.RespLimits;

/**
 * What keys there are and what is written to them.
 *
 * @param keys how many: key:000000000000 and on; as many counters for INCR
 * @param zipf the exponent, where they are drawn by Zipf's law
 * @param valueBytes of each value
 * @param prefix what the names of all keys begin with; a hash tag in braces puts them all into one slot
 */
public record KeySpace(long keys, Distribution distribution, double zipf, int valueBytes, String prefix) {
  private static final long MOST_KEYS = 1_000_000_000L;
  private static final double LEAST_ZIPF = 0.01;
  private static final double MOST_ZIPF = 10;
  private static final int MOST_PREFIX = 64;

  public KeySpace {
    if (keys < 1 || keys > MOST_KEYS) {
      throw new IllegalArgumentException("--keys is 1 to a billion, not " + keys);
    }
    if (!(zipf >= LEAST_ZIPF && zipf <= MOST_ZIPF)) {
      throw new IllegalArgumentException("--zipf is " + LEAST_ZIPF + " to " + MOST_ZIPF + ", not " + zipf);
    }
    valueBytes(valueBytes);
    if (!prefix.matches("[A-Za-z0-9:_.-]*(\\{[A-Za-z0-9:_.-]+\\})?[A-Za-z0-9:_.-]*")
        || prefix.length() > MOST_PREFIX) {
      throw new IllegalArgumentException("--prefix is up to " + MOST_PREFIX
          + " letters, digits and : _ . - with at most one hash tag in braces, not '" + prefix + "'");
    }
  }

  /** Keys whose names have no prefix. */
  public KeySpace(long keys, Distribution distribution, double zipf, int valueBytes) {
    this(keys, distribution, zipf, valueBytes, "");
  }

  /** Whether all keys lie in one slot. */
  boolean isTagged() {
    return prefix.indexOf('{') >= 0;
  }

  /** What the names of keys of this kind begin with. */
  String keyPrefix(Kind kind) {
    return prefix + kind.keyPrefix();
  }

  /** As the bytes of a value; IllegalArgumentException where no value can be so long. */
  public static int valueBytes(long bytes) {
    if (bytes < 0 || bytes > RespLimits.VALUE_BYTES) {
      throw new IllegalArgumentException(
          "--size is 0 to " + RespLimits.VALUE_BYTES + " bytes, the longest value, not " + bytes);
    }
    return (int) bytes;
  }
}
