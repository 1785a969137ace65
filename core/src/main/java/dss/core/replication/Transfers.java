package dss.core.replication;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The copies that this server sends, and how fast it does: as fast as it can where no client asks for anything; else
 * faster and faster while the machine has room for both, and down to a modest rate where it has none. Source:
 * docs/adr/0011-transfer-rate.md.
 */
final class Transfers {
  /** The rate that clients have to bear: bytes a second of a server. */
  static final double LEAST = 4 << 20;
  private static final double MOST = 1L << 40;
  private static final double FASTER = 1.1;
  private static final double SLOWER = 0.5;
  private static final int LOOK_MS = 100;
  private static final double LARGE_CHUNK = 256 << 10;
  /** Commands in that time which do not count as clients at work. */
  private static final int FEW_COMMANDS = 10;
  /** What is not used in a pause does not add up for longer. */
  private static final long SAVED_MS = 100;

  private final Node node;
  private final Set<CopyOut> waiting = new LinkedHashSet<>();
  private int count;
  private long commands;
  private double rate = LEAST;
  private double allowance;
  private long filledAt = Node.LONG_AGO;
  private long lookedAt = Node.LONG_AGO;
  private int reading;
  private boolean going;

  Transfers(Node node) {
    this.node = node;
  }

  boolean mayBegin() {
    return count < node.settings().copiesOut;
  }

  void begun() {
    count++;
  }

  void ended() {
    count--;
  }

  boolean anyWaits() {
    return !waiting.isEmpty();
  }

  /** A client's command has come. */
  void command() {
    commands++;
  }

  /**
   * Whether this copy may read its next chunk now; else it is asked to go on as soon as it may. How big a chunk is is not
   * known before: where there is a bound near, one is read at a time.
   */
  boolean admits(CopyOut copy) {
    if (!mayRead()) {
      waiting.add(copy);
      return false;
    }
    reading++;
    return true;
  }

  /** What was admitted is of that size; 0: it was the end. */
  void read(int bytes) {
    reading--;
    allowance -= bytes;
    goOn();
  }

  private boolean mayRead() {
    return allowance > 0 && (reading == 0 || allowance >= reading * LARGE_CHUNK);
  }

  private void goOn() {
    if (going) {
      return;
    }
    going = true;
    while (!waiting.isEmpty() && mayRead()) {
      CopyOut next = waiting.iterator().next();
      waiting.remove(next);
      next.sendMore();
    }
    going = false;
  }

  void tick(long now) {
    if (count == 0) {
      waiting.clear();
      lookedAt = now;
      commands = 0;
      filledAt = now;
      allowance = rate() * LOOK_MS / 1e3;
      return;
    }
    if (now - lookedAt >= LOOK_MS) {
      look(now);
    }
    double perMs = rate() / 1e3;
    allowance = Math.min(allowance + perMs * (now - filledAt), perMs * Math.max(SAVED_MS, now - filledAt));
    filledAt = now;
    goOn();
  }

  private void look(long now) {
    boolean clients = commands * LOOK_MS > FEW_COMMANDS * (now - lookedAt);
    if (!clients) {
      rate = MOST;
    } else if (node.host().isBusy()) {
      // From no bound at all it comes down at once.
      rate = rate == MOST ? LEAST : Math.max(LEAST, rate * SLOWER);
    } else {
      rate = rate == MOST ? LEAST : Math.min(MOST / 2, rate * FASTER);
    }
    lookedAt = now;
    commands = 0;
  }

  /** Bytes a second. */
  private double rate() {
    return Math.min(rate, node.settings().transferRate);
  }
}
