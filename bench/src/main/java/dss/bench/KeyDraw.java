package dss.bench;

import java.util.SplittableRandom;

/** Draws the numbers of keys, from 0 on, without allocating. For one thread. */
interface KeyDraw {
  long next();

  /**
   * Draws as the distribution says.
   *
   * @param part of {@code parts}: what is sequential begins at as many places
   */
  static KeyDraw of(KeySpace space, Distribution distribution, SplittableRandom random, int part, int parts) {
    return switch (distribution) {
      case UNIFORM -> () -> random.nextLong(space.keys());
      case ZIPF -> new ZipfDraw(space.keys(), space.zipf(), random);
      case SEQUENTIAL -> new SequentialDraw(space.keys(), firstOf(part, parts, space.keys()));
    };
  }

  /** Where a part of {@code all} begins, the parts being as even as can be. */
  static long firstOf(int part, int parts, long all) {
    return all / parts * part + Math.min(part, all % parts);
  }
}
