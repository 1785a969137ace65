package dss.core.replication;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What this server knows of one other: its connection, the leases between the two, what it has seen. */
final class PeerLink {
  /** Messages held for a state that has not come; beyond it the connection is given up and made anew. */
  static final int HELD_AT_MOST = 20_000;
  /** Beacons whose sending time is remembered: more than fit in a lease at the smallest interval. */
  private static final int BEACONS_KEPT = 64;

  /** Who is busy for longer is not excused any more. */
  private static final int BUSY_MS = 10_000;
  private static final long ANSWERED = Long.MAX_VALUE;
  /** Who has not said so for so long has not been busy all the time. */
  private static final int BUSY_ENDS_MS = 1_000;

  final int server;
  boolean connected;
  /** Counts connections, so that what belongs to an ended one is known. */
  long connection;
  /** Boot of the life that the connection belongs to. */
  long boot;
  /** Until when the other lets us read; by our clock. */
  long leaseUntil = Node.LONG_AGO;
  /** Until when we let the other read; by our clock. Outlives connections. */
  long grantUntil = Node.LONG_AGO;
  /** What an earlier life of ours may have granted it ends here. */
  long graceOfRestart;
  /** The newest version in any message of this server. */
  long seenVersion;
  /** When a read last needed that lease. */
  long leaseUsedAt = Node.LONG_AGO;
  /** It has brought entries since our last beacon: others may soon ask us whether it lives. */
  boolean broughtEntries;
  /** Since when it owes us a word: an answer, or a connection. Where nobody asks, silence says nothing. */
  private long askedAt = Node.LONG_AGO;
  /** Our last dial was refused, and nothing was heard since. */
  boolean refused;
  /** How long it takes until something is durable there. */
  final Slowness.Disk disk = new Slowness.Disk();

  private final long[] beaconSentAt = new long[BEACONS_KEPT];
  private long beacons;
  long lastBeacon = Node.LONG_AGO;
  long stateAskedAt = Node.LONG_AGO;

  final ArrayDeque<Held> held = new ArrayDeque<>();
  long framesSent;
  /** Frames of this connection that no FrameDone has come for, by number. */
  final Map<Long, List<SentAppend>> framesOpen = new HashMap<>();
  /** Followers with something to send at the end of this turn. */
  final List<Follower> dirty = new ArrayList<>();

  /** It says that it waits for its own flush; since when, and when last. */
  private long busySince = Node.LONG_AGO;
  private long busyHeard = Node.LONG_AGO;

  /** What is remembered of an append until its frame is done. */
  record SentAppend(int shard, long epoch, long match, long copyId) {}

  /** @param at when it came */
  record Held(long version, PeerMessage message, long at) {}

  PeerLink(int server, long graceOfRestart) {
    this.server = server;
    this.graceOfRestart = graceOfRestart;
  }

  void opened(long ofBoot, long now) {
    closed(now);
    connected = true;
    connection++;
    refused = false;
    if (ofBoot != boot) {
      disk.startedAgain();
    }
    boot = ofBoot;
    heard();
  }

  /** Everything of the connection ends with it; grants and leases do not. */
  void closed(long now) {
    connected = false;
    asked(now);
    held.clear();
    framesOpen.clear();
    framesSent = 0;
    beacons = 0;
    lastBeacon = Node.LONG_AGO;
    stateAskedAt = Node.LONG_AGO;
    for (Follower follower : dirty) {
      follower.dirty = false;
    }
    dirty.clear();
  }

  /** Notes a beacon sent now and gives its number. */
  long beaconSent(long now) {
    lastBeacon = now;
    broughtEntries = false;
    beaconSentAt[(int) (beacons % BEACONS_KEPT)] = now;
    return beacons++;
  }

  /** When beacon {@code n} of this connection was sent; null if that is not known (any more). */
  @Nullable
  Long sentAt(long n) {
    return n < 0 || n >= beacons || n < beacons - BEACONS_KEPT
        ? null
        : beaconSentAt[(int) (n % BEACONS_KEPT)];
  }

  void heardBusy(long now) {
    if (now - busyHeard >= BUSY_ENDS_MS) {
      busySince = now;
    }
    busyHeard = now;
  }

  /** Until when it is excused for owing answers. */
  long busyUntil() {
    return Math.min(busyHeard, busySince + BUSY_MS);
  }

  /** Something is sent that it must answer. */
  void asked(long now) {
    if (askedAt == ANSWERED) {
      askedAt = now;
    }
  }

  /** Any word will do. */
  void heard() {
    askedAt = ANSWERED;
  }

  boolean owesWord() {
    return askedAt != ANSWERED;
  }

  /** For how long it has owed a word, ms; time before {@code notBefore} does not count. */
  long silence(long notBefore, long now) {
    return askedAt == ANSWERED ? 0 : Math.max(0, now - Math.max(askedAt, notBefore));
  }

  boolean silentFor(long ms, long now) {
    return !connected || silence(Node.LONG_AGO, now) >= ms;
  }

  boolean leaseHolds(long now) {
    return leaseUntil > now;
  }
}
