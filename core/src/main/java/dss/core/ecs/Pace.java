package dss.core.ecs;

/**
 * How fast copies are made, and so how long it will take: what the last moves took, or what is usual before the first.
 * A small copy costs its round trips, a big one its bytes: each counts as its bytes and a fixed number beside them.
 */
final class Pace {
  private static final double FIXED_BYTES = 64 << 10;
  private static final double USUAL_PER_SECOND = 16 << 20;
  /** What was long ago counts less and less: half after so many seconds of moving. */
  private static final double HALF_SECONDS = 20;
  private static final int MOST_AT_ONCE = 2 * Wants.MOVING_AT_MOST;

  private double done;
  private double seconds;
  private int left;
  private long lookedAt;

  /**
   * @param copies that are still to be made
   * @param bytes of one of them on the average
   */
  void look(int copies, long bytes, long now) {
    // More at once is no copies that were made: what is planned has changed.
    if (left - copies > MOST_AT_ONCE) {
      left = 0;
    }
    if (left > 0 && copies <= left && now > lookedAt) {
      double passed = (now - lookedAt) / 1e3;
      double fades = Math.pow(0.5, passed / HALF_SECONDS);
      done = done * fades + (left - copies) * (FIXED_BYTES + bytes);
      seconds = seconds * fades + passed;
    }
    left = copies;
    lookedAt = now;
  }

  /** How long so many copies of so many bytes each will take; seconds, 1 at least where there are any. */
  long seconds(int copies, long bytes) {
    double perSecond = seconds >= 1 && done > 0 ? done / seconds : USUAL_PER_SECOND;
    return (long) Math.ceil(copies * (FIXED_BYTES + bytes) / perSecond);
  }
}
