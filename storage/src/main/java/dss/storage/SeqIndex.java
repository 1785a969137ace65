package dss.storage;

import java.util.Arrays;

/**
 * Where the entries of one shard lie: a ring of places for {@code baseSeq+1..lastSeq} and the epochs as runs. Nothing
 * is allocated while a shard has no entries. Loop only.
 */
final class SeqIndex {
  private static final long[] NONE = new long[0];
  private static final int FIRST_SIZE = 8;

  private long baseSeq;
  private long baseEpoch;
  private long[] places = NONE;
  private int head;
  private int count;
  /** Run i has epoch runEpoch[i] from seq runSeq[i] on. */
  private long[] runSeq = NONE;
  private long[] runEpoch = NONE;
  private int runs;

  void reset(long seq, long epoch) {
    baseSeq = seq;
    baseEpoch = epoch;
    places = NONE;
    runSeq = NONE;
    runEpoch = NONE;
    head = 0;
    count = 0;
    runs = 0;
  }

  long baseSeq() {
    return baseSeq;
  }

  long lastSeq() {
    return baseSeq + count;
  }

  long lastEpoch() {
    return runs == 0 ? baseEpoch : runEpoch[runs - 1];
  }

  long epochAt(long seq) {
    if (seq < baseSeq || seq > lastSeq()) {
      throw new IllegalArgumentException("seq " + seq + " not in " + baseSeq + ".." + lastSeq());
    }
    for (int i = runs - 1; i >= 0; i--) {
      if (runSeq[i] <= seq) {
        return runEpoch[i];
      }
    }
    return baseEpoch;
  }

  long placeAt(long seq) {
    if (seq <= baseSeq || seq > lastSeq()) {
      throw new IllegalArgumentException("seq " + seq + " not in " + (baseSeq + 1) + ".." + lastSeq());
    }
    return places[head + (int) (seq - baseSeq - 1) & (places.length - 1)];
  }

  void append(long epoch, long place) {
    if (count == places.length) {
      grow();
    }
    places[head + count & (places.length - 1)] = place;
    count++;
    if (runs == 0 ? epoch != baseEpoch : epoch != runEpoch[runs - 1]) {
      addRun(lastSeq(), epoch);
    }
  }

  /** The entry was written again, further on. */
  void moved(long seq, long place) {
    places[head + (int) (seq - baseSeq - 1) & (places.length - 1)] = place;
  }

  void cutAfter(long seq) {
    count = (int) (seq - baseSeq);
    while (runs > 0 && runSeq[runs - 1] > seq) {
      runs--;
    }
  }

  /** Forgets the entries at the front that lie in that segment or before it. */
  void dropThrough(long segment) {
    int dropped = 0;
    while (dropped < count && Place.segment(places[head + dropped & (places.length - 1)]) <= segment) {
      dropped++;
    }
    drop(dropped);
  }

  /** Forgets the entries up to {@code seq}, whose epoch is known better elsewhere. */
  void startAfter(long seq, long epoch) {
    drop((int) (seq - baseSeq));
    baseEpoch = epoch;
  }

  private void drop(int dropped) {
    if (dropped == 0) {
      return;
    }
    long base = baseSeq + dropped;
    baseEpoch = epochAt(base);
    baseSeq = base;
    count -= dropped;
    head = count == 0 ? 0 : head + dropped & (places.length - 1);
    dropRuns();
    shrink();
  }

  private void dropRuns() {
    int gone = 0;
    while (gone < runs && runSeq[gone] <= baseSeq) {
      gone++;
    }
    System.arraycopy(runSeq, gone, runSeq, 0, runs - gone);
    System.arraycopy(runEpoch, gone, runEpoch, 0, runs - gone);
    runs -= gone;
  }

  /** A shard that has fallen quiet gives back what its busy times took. */
  private void shrink() {
    if (count == 0) {
      places = NONE;
      runSeq = NONE;
      runEpoch = NONE;
    } else if (places.length > FIRST_SIZE && count < places.length / 8) {
      resize(Math.max(FIRST_SIZE, Integer.highestOneBit(count) * 4));
    }
  }

  private void grow() {
    resize(Math.max(FIRST_SIZE, places.length * 2));
  }

  private void resize(int size) {
    long[] other = new long[size];
    for (int i = 0; i < count; i++) {
      other[i] = places[head + i & (places.length - 1)];
    }
    places = other;
    head = 0;
  }

  private void addRun(long seq, long epoch) {
    if (runs == runSeq.length) {
      runSeq = Arrays.copyOf(runSeq, Math.max(2, runs * 2));
      runEpoch = Arrays.copyOf(runEpoch, Math.max(2, runs * 2));
    }
    runSeq[runs] = seq;
    runEpoch[runs] = epoch;
    runs++;
  }
}
