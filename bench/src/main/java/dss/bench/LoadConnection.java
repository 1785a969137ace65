package dss.bench;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A closed-loop client with one connection: it sends a batch of requests, awaits all replies, and goes on with the
 * next, over a new connection where its loop {@link LoadLoop#reconnects}. Where its server fails it connects again, for
 * ever; what was under way is sent again. Loop only.
 */
final class LoadConnection implements Wire.Events {
  /** Before another attempt to connect, or after a reply that says "not now". */
  private static final long PAUSE_NANOS = 10_000_000L;
  private static final long RECONNECT_NANOS = 100_000_000L;
  /** The word that counts what is sent again because its connection was lost. */
  private static final String LOST = "DISCONNECTED";

  private final LoadLoop loop;
  private final Wire wire;
  private final Batch batch;
  private Lane lane;
  private @Nullable Lane nextLane;
  /** Whether the wire is open, or on its way to be. */
  private boolean begun;
  private boolean open;
  private boolean wasOpen;
  private long notBefore;
  private boolean pauses;
  /** When it sent what is unanswered, or began to connect. */
  private long since;
  private boolean idle;

  LoadConnection(LoadLoop loop, Lane lane, int pipeline) {
    this.loop = loop;
    this.lane = lane;
    this.batch = new Batch(pipeline);
    this.wire = loop.wire(this);
  }

  /** The server it is for, or will be for once its replies have come. */
  Lane lane() {
    return nextLane == null ? lane : nextLane;
  }

  /** From the next batch on it is another server's. */
  void moveTo(Lane other) {
    nextLane = other == lane ? null : other;
  }

  boolean isOpen() {
    return open;
  }

  int unanswered() {
    return batch.unanswered();
  }

  /** Sends the next batch, or does what must come before: unless replies are awaited, or it pauses. */
  void feed(long now) {
    if (batch.unanswered() > 0 || (begun && !open)) {
      if (now - since > loop.timeoutNanos()) {
        lost(new IOException(
            "no reply of " + lane.endpoint() + " within " + loop.timeoutNanos() / 1_000_000 + " ms"));
      }
      return;
    }
    if (pauses && now - notBefore < 0) {
      return;
    }
    pauses = false;
    if (nextLane != null) {
      disconnect();
      wasOpen = false;
      lane = nextLane;
      nextLane = null;
      idle = false;
    }
    Dealer dealer = loop.dealer();
    if (!begun && !loop.reconnects()) {
      connect(now);
    } else if (dealer != null) {
      send(dealer, now);
    }
  }

  private void send(Dealer dealer, long now) {
    batch.clear();
    if (loop.reconnects()) {
      wire.reset();
      disconnect();
      wasOpen = false;
    }
    while (!batch.isFull() && dealer.deal(lane, now)) {
      wire.add(dealer.kind, dealer.key);
      batch.add(dealer.kind, dealer.key, dealer.start, dealer.tries);
    }
    if (batch.unanswered() == 0) {
      becomeIdle();
      return;
    }
    since = now;
    if (loop.reconnects()) {
      connect(now);
    } else {
      wire.send();
    }
  }

  private void becomeIdle() {
    if (!idle) {
      idle = true;
      lane.idle().add(this);
    }
  }

  /** Taken from its lane's idle ones, where it may have been though it is busy by now. */
  void wake(long now) {
    idle = false;
    feed(now);
  }

  // ---- replies

  @Override
  public void answered(boolean absent, long now) throws IOException {
    if (batch.unanswered() == 0) {
      throw unasked("a reply too many");
    }
    Kind kind = batch.kind();
    loop.tally().done(kind, batch.start(), now);
    if (absent) {
      loop.tally().absent(kind);
    }
    loop.finished(now);
    batch.answer();
  }

  @Override
  public void refused(String error, long now) throws IOException {
    if (batch.unanswered() == 0) {
      throw unasked(error);
    }
    ErrorLine line = ErrorLine.of(error, lane.endpoint().host());
    switch (line.action()) {
      case REDIRECT -> loop.redirected(batch.operation(), line, error, now);
      case RETRY -> {
        loop.retry(batch.operation(), line.word(), error, now);
        pause(now, PAUSE_NANOS);
      }
      case FAIL -> {
        loop.tally().failed(batch.kind(), line.word(), error, now);
        loop.finished(now);
      }
    }
    batch.answer();
  }

  private IOException unasked(String what) {
    return new IOException(lane.endpoint() + " answers what nobody asked: " + what);
  }

  @Override
  public void caughtUp(long now) {
    if (batch.unanswered() == 0) {
      feed(now);
    }
  }

  private void pause(long now, long nanos) {
    pauses = true;
    notBefore = now + nanos;
  }

  // ---- connecting

  /** Begins to connect unless it is connected. */
  void connect(long now) {
    open = false;
    since = now;
    try {
      wire.open(lane);
      begun = true;
    } catch (IOException e) {
      lost(e);
    }
  }

  @Override
  public void connected() {
    open = true;
    wasOpen = true;
    loop.connected();
    if (batch.unanswered() > 0) {
      wire.send();
    } else {
      feed(loop.now());
    }
  }

  @Override
  public void broken(RuntimeException bug) {
    loop.broken(bug);
  }

  @Override
  public void lost(IOException why) {
    long now = loop.now();
    disconnect();
    if (wasOpen) {
      wasOpen = false;
      loop.tally().counts().reconnects++;
    }
    while (batch.unanswered() > 0) {
      loop.retry(batch.operation(), LOST, String.valueOf(why.getMessage()), now);
      batch.answer();
    }
    pause(now, RECONNECT_NANOS);
    loop.trouble(why);
  }

  private void disconnect() {
    wire.close();
    begun = false;
    open = false;
  }

  /** The phase ends without these replies: the connection is given up, since they may still come. */
  int abandon() {
    int lost = batch.unanswered();
    if (lost > 0) {
      disconnect();
      batch.clear();
      wasOpen = false;
    }
    return lost;
  }

  void close() {
    disconnect();
    batch.clear();
  }
}
