package dss.bench;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Deals operations to connections. Draws are of all keys; what is another server's waits in its lane, so that each
 * draw is used and none is made twice. Where clients roam, as many operations as there are clients have begun at any
 * time, and wait for a connection to their server that is free. The operation dealt last is in the fields of this object. Loop only; the clock
 * is passed in.
 */
final class Dealer {
  /** Kept for one server that is slower than others: beyond it, what is drawn for it is drawn anew, or waits. */
  private static final int MOST_DRAWN_AHEAD = 512;
  /** Due and not sent, of one server, in an open loop: memory for minutes of an outage. */
  private static final int MOST_DUE = 1 << 20;
  /** For a server that owns next to nothing: its connection asks again soon. */
  private static final int MOST_DRAWS = 1024;
  /** The start of what is drawn ahead in a closed loop: it begins when it is sent. */
  private static final long AT_SENDING = Long.MIN_VALUE;

  private final Routes routes;
  private final RequestForm[] forms;
  private final KindDraw kinds;
  private final KeyDraw keys;
  private final @Nullable Arrivals arrivals;
  private final boolean keepsAll;
  /** Clients that roam, 0: connections are the clients. */
  private final int roaming;
  private long deadline;
  private long left;
  private long owed;
  private long unsent;
  /** Drawn for a server whose lane is full, and to be dealt before anything else is drawn. */
  private boolean held;
  private Kind heldKind = Kind.SET;
  private long heldKey;

  Kind kind = Kind.SET;
  long key;
  long start;
  int tries;

  /**
   * One loop's share of a phase.
   *
   * @param begin of the phase, by the clock that is passed in later
   */
  Dealer(Phase phase, BenchSettings settings, Routes routes, RequestForm[] forms, int loop, long begin) {
    int loops = settings.load().threads();
    var random = new SplittableRandom(settings.seed() * 31 + loop);
    this.routes = routes;
    this.forms = forms;
    this.kinds = new KindDraw(phase.mix(), random.split());
    this.keys = KeyDraw.of(settings.keySpace(), phase.distribution(), random.split(), loop, loops);
    this.arrivals = phase.rate() == 0 ? null : new Arrivals(begin, phase.rate(), loop, loops);
    this.keepsAll = phase.distribution() == Distribution.SEQUENTIAL;
    this.roaming = settings.load().clients().roam()
        ? Spread.share(loop, settings.load().connections(), loops)
        : 0;
    this.deadline = phase.nanos() == Phase.UNBOUNDED ? Phase.UNBOUNDED : begin + phase.nanos();
    this.left = phase.requestsOf(loop, loops);
  }

  /** Gives this server's next operation; false: there is none now. */
  boolean deal(Lane lane, long now) {
    if (arrivals == null && isOver(now)) {
      return false;
    }
    if (!lane.hasWork()) {
      return arrivals == null && roaming == 0 && drawFor(lane, now);
    }
    OpQueue queue = lane.again().isEmpty() ? lane.waiting() : lane.again();
    kind = queue.kind();
    key = queue.key();
    start = queue.start() == AT_SENDING ? now : queue.start();
    tries = queue.tries();
    queue.remove();
    return true;
  }

  private boolean drawFor(Lane lane, long now) {
    for (int draws = 0; draws < MOST_DRAWS && left > 0; draws++) {
      draw();
      Lane owner = routes.lane(forms[kind.ordinal()], key);
      if (owner == lane) {
        left--;
        owed++;
        start = now;
        tries = 0;
        return true;
      }
      if (owner.waiting().size() < MOST_DRAWN_AHEAD) {
        left--;
        owed++;
        owner.waiting().add(kind, key, AT_SENDING, 0);
      } else if (keepsAll) {
        held = true;
        heldKind = kind;
        heldKey = key;
        return false;
      }
    }
    return false;
  }

  private void draw() {
    if (held) {
      held = false;
      kind = heldKind;
      key = heldKey;
      return;
    }
    kind = kinds.next();
    key = keys.next();
  }

  /** What has become due waits for its servers from now on: in an open loop, and where clients roam. */
  void arrive(long now) {
    Arrivals clock = arrivals;
    if (clock == null) {
      roam(now);
      return;
    }
    long until = Math.min(now, deadline - 1);
    while (left > 0 && clock.due() - until <= 0) {
      draw();
      OpQueue waiting = routes.lane(forms[kind.ordinal()], key).waiting();
      left--;
      if (waiting.size() < MOST_DUE) {
        owed++;
        waiting.add(kind, key, clock.due(), 0);
      } else {
        unsent++;
      }
      clock.taken();
    }
  }

  private void roam(long now) {
    while (owed < roaming && left > 0 && !isOver(now)) {
      draw();
      left--;
      owed++;
      routes.lane(forms[kind.ordinal()], key).waiting().add(kind, key, now, 0);
    }
  }

  /** When {@link #arrive} has something to do again; {@link Phase#UNBOUNDED} where it never has. */
  long nextArrival() {
    return arrivals == null || left == 0 || arrivals.due() >= deadline ? Phase.UNBOUNDED : arrivals.due();
  }

  /** An operation that was dealt is done, or is given up. */
  void finished() {
    owed--;
  }

  /** Whether its time is up: what is under way is still awaited, and in an open loop what was due is still sent. */
  boolean isOver(long now) {
    return deadline != Phase.UNBOUNDED && now - deadline >= 0;
  }

  /** How long it has been over. */
  long overFor(long now) {
    return isOver(now) ? now - deadline : 0;
  }

  /**
   * Whether there is nothing left to do.
   *
   * @param underWay whether replies are awaited
   */
  boolean isDone(long now, boolean underWay) {
    boolean closedLoopIsOver = arrivals == null && isOver(now) && !underWay;
    return closedLoopIsOver || (owed == 0 && (left == 0 || isOver(now)));
  }

  /** Whether operations wait or are under way. */
  boolean owes() {
    return owed > 0;
  }

  /** Operations of an open loop that were due and could not be sent. */
  long unsent() {
    return unsent;
  }

  void stop(long now) {
    if (deadline == Phase.UNBOUNDED || deadline - now > 0) {
      deadline = now;
    }
  }

  /** The phase has ended: what still waits is dropped, and counted as unsent where it was due. */
  void end() {
    for (Lane lane : routes.lanes()) {
      if (arrivals != null) {
        unsent += lane.waiting().size();
      }
      lane.waiting().clear();
      lane.again().clear();
    }
  }
}
