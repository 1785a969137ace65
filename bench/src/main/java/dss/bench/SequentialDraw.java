package dss.bench;

/** One key after the other, from the first again after the last. For one thread. */
final class SequentialDraw implements KeyDraw {
  private final long keys;
  private long next;

  SequentialDraw(long keys, long first) {
    this.keys = keys;
    this.next = first % keys;
  }

  @Override
  public long next() {
    long drawn = next;
    next = drawn + 1 == keys ? 0 : drawn + 1;
    return drawn;
  }
}
