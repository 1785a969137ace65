package dss.sim;

import java.util.SplittableRandom;

/** A stream of random draws. Streams of other seeds, purposes or numbers have nothing in common with it. */
class Draws {
  /** Purposes: the course of things, the schedule of faults, one fault, which moments are ambushed, one ambush, the last move. */
  static final int COURSE = 1;
  static final int SCHEDULE = 2;
  static final int FAULT = 3;
  static final int MOMENTS = 4;
  static final int AMBUSH = 5;
  static final int LAST_MOVE = 6;

  final SplittableRandom random;

  Draws(long seed, int purpose, int number) {
    random = new SplittableRandom(mixed(mixed(mixed(seed) + purpose) + number));
  }

  /**
   * Scatters seeds, by Stafford's variant 13 of MurmurHash3's finalizer: two seeds of a SplittableRandom that lie a
   * multiple of its step apart begin the same stream at two places.
   */
  private static long mixed(long value) {
    long z = value + 0x632be59bd9b4e019L;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }

  final long between(long least, long most) {
    return least + (most > least ? random.nextLong(most - least + 1) : 0);
  }

  final boolean chance(double probability) {
    return random.nextDouble() < probability;
  }
}
