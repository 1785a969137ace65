package dss.server;

import java.util.BitSet;

/**
 * How long entries wait for company: with many clients one frame to each other copy and one fsync carry the writes of
 * all of them, with one client nothing waits. Own writes go out once those before them are answered and they are nine in
 * ten of as many as lately waited at one time: clients that were served in two halves would stay so. An fsync begins
 * once the servers that lately brought entries have brought some. Neither waits for long: what is expected may never
 * come. Changes when, never what. Loop only. Source: docs/adr/0005-gathering.md.
 */
final class Gathering {
  /** Longest wait for more of what is expected. */
  static final long EXPECTING_NANOS = 400_000;
  /** The same for an fsync where many clients write here: the servers' rounds fall in step, and share one. */
  static final long EXPECTING_ROUND_NANOS = 1_500_000;
  /** So many writes without an answer at one time are many. */
  static final int MANY = 4;
  /** Longest wait of a write for those sent before it to be answered. */
  static final long BEHIND_NANOS = 1_000_000;

  private static final int SELF = 0;

  private long takenAtSend;
  /** Most writes without an answer at one time, since the last batch went and between it and the one before. */
  private long peak;
  private long peakBefore;
  private long idleSince = System.nanoTime();
  private boolean underWay;
  private boolean held;
  private long heldSince;
  private BitSet waiting = new BitSet();
  private BitSet lately = new BitSet();
  private BitSet before = new BitSet();
  private long waitingSince;

  /**
   * Whether own entries are to be sent now.
   *
   * @param taken writes taken since the start
   * @param ended those of them that are answered
   */
  boolean ownGo(long now, long taken, long ended) {
    if (underWay && ended >= takenAtSend) {
      underWay = false;
      idleSince = now;
    }
    peak = Math.max(peak, taken - ended);
    long collected = taken - takenAtSend;
    if (collected == 0) {
      return true;
    }
    if (!held) {
      held = true;
      heldSince = now;
    }
    boolean enough = !underWay && (collected * 10 >= clients() * 9 || now - idleSince >= EXPECTING_NANOS);
    if (!enough && now - heldSince < BEHIND_NANOS) {
      return false;
    }
    held = false;
    underWay = true;
    peakBefore = peak;
    peak = 0;
    takenAtSend = taken;
    brought(SELF, now);
    return true;
  }

  private long clients() {
    return Math.max(peak, peakBefore);
  }

  private long patience() {
    return clients() >= MANY ? EXPECTING_ROUND_NANOS : EXPECTING_NANOS;
  }

  /** Another server has brought entries. */
  void frameCame(int server, long now) {
    brought(server, now);
  }

  private void brought(int server, long now) {
    if (waiting.isEmpty()) {
      waitingSince = now;
    }
    waiting.set(server);
  }

  /** Whether what was appended is to be brought to the disk now, if anything was. */
  boolean syncGoes(long now) {
    if (waiting.isEmpty()) {
      // Nobody brought anything: who is expected next is not forgotten over it.
      return !held;
    }
    if (now - waitingSince < patience() && !allHaveBrought()) {
      return false;
    }
    BitSet reused = before;
    before = lately;
    lately = waiting;
    reused.clear();
    waiting = reused;
    return true;
  }

  /**
   * Whoever brought something in one of the last two fsyncs is waited for where many clients write here: a round is seldom
   * missed. Where few do, only who brought something in both: one client that writes to one server after the other would
   * make each wait for the one before.
   */
  private boolean allHaveBrought() {
    boolean many = clients() >= MANY;
    for (int server = 0; server < Math.max(lately.length(), before.length()); server++) {
      boolean expected = many
          ? lately.get(server) || before.get(server)
          : lately.get(server) && before.get(server);
      if (expected && !waiting.get(server)) {
        return false;
      }
    }
    return true;
  }

  /**
   * After how long to ask again, though nothing happens; 0: nothing waits.
   *
   * @param syncing whether an fsync is under way, whose end is heard
   */
  long waitNanos(long now, boolean syncing) {
    long wait = Long.MAX_VALUE;
    if (held) {
      wait = heldSince + BEHIND_NANOS - now;
      if (!underWay) {
        wait = Math.min(wait, idleSince + EXPECTING_NANOS - now);
      }
    }
    if (!waiting.isEmpty() && !syncing) {
      wait = Math.min(wait, waitingSince + patience() - now);
    }
    return wait == Long.MAX_VALUE ? 0 : Math.max(1, wait);
  }
}
