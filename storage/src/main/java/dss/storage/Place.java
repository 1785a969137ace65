package dss.storage;

/**
 * Where an entry or an effect lies: segment number and offset in one number that rises along the log. Its low 48
 * bits are what an index keeps: enough to tell apart all segments that are in memory at one time.
 */
final class Place {
  /** Offsets are multiples of 8, so 24 bits reach 128 MiB. */
  static final int MAX_OFFSET = 1 << 27;
  static final int REF_BITS = 48;
  static final long REF_MASK = (1L << REF_BITS) - 1;

  private static final int OFFSET_BITS = 24;
  private static final int OFFSET_MASK = (1 << OFFSET_BITS) - 1;

  private Place() {}

  static long of(long segment, int offset) {
    return segment << OFFSET_BITS | offset >>> 3;
  }

  static long segment(long place) {
    return place >>> OFFSET_BITS;
  }

  static int offset(long place) {
    return ((int) place & OFFSET_MASK) << 3;
  }
}
