package dss.bench;

import java.util.Arrays;

/**
 * What a connection has sent and its replies have not answered: replies come in the order of requests. Allocates
 * nothing once made. For one thread.
 */
final class Batch {
  private final Kind[] kinds;
  private final long[] keys;
  private final long[] starts;
  private final int[] tries;
  private int size;
  private int answered;

  Batch(int most) {
    this.kinds = new Kind[most];
    this.keys = new long[most];
    this.starts = new long[most];
    this.tries = new int[most];
    Arrays.fill(kinds, Kind.SET);
  }

  void clear() {
    size = 0;
    answered = 0;
  }

  void add(Kind kind, long key, long start, int tried) {
    kinds[size] = kind;
    keys[size] = key;
    starts[size] = start;
    tries[size++] = tried;
  }

  boolean isFull() {
    return size == kinds.length;
  }

  int unanswered() {
    return size - answered;
  }

  /** The kind of the next one to be answered; there must be one, here and below. */
  Kind kind() {
    return kinds[answered];
  }

  long start() {
    return starts[answered];
  }

  /** The next one to be answered as it is to be sent again. */
  Operation operation() {
    return new Operation(kinds[answered], keys[answered], starts[answered], tries[answered] + 1);
  }

  /** The next one to be answered is. */
  void answer() {
    answered++;
  }
}
