package dss.bench;

import io.netty.channel.unix.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A closed-loop client with one connection: it sends a batch of requests, awaits all replies, and goes on with the
 * next, over a new connection where its loop {@link LoadLoop#reconnects}. Where its server fails it connects again, for
 * ever; what was under way is sent again. Loop only.
 */
final class LoadConnection implements Link.Events {
  /** Before another attempt to connect, or after a reply that says "not now". */
  private static final long PAUSE_NANOS = 10_000_000L;
  private static final long RECONNECT_NANOS = 100_000_000L;
  /** The word that counts what is sent again because its connection was lost. */
  private static final String LOST = "LOST";

  private final LoadLoop loop;
  private final ByteBuffer out;
  private final long outAddress;
  private final ReplyScanner scanner = new ReplyScanner();
  private final Batch batch;
  private Lane lane;
  private @Nullable Lane nextLane;
  private @Nullable Link link;
  private boolean open;
  private boolean wasOpen;
  private long notBefore;
  private boolean pauses;
  /** When it sent what is unanswered, or began to connect. */
  private long since;
  private int outFrom;
  private int outTo;
  /** Whether the last write was short. */
  private boolean awaitsRoom;
  private boolean idle;

  LoadConnection(LoadLoop loop, Lane lane, int pipeline, int requestBytes) {
    this.loop = loop;
    this.lane = lane;
    this.batch = new Batch(pipeline);
    this.out = ByteBuffer.allocateDirect(pipeline * requestBytes);
    this.outAddress = Buffer.memoryAddress(out);
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
    if (batch.unanswered() > 0 || (link != null && !open)) {
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
    if (link == null && !loop.reconnects()) {
      connect(now);
    } else if (dealer != null) {
      send(dealer, now);
    }
  }

  private void send(Dealer dealer, long now) {
    batch.clear();
    int end = 0;
    while (!batch.isFull() && dealer.deal(lane, now)) {
      end = loop.form(dealer.kind).write(out, end, dealer.key);
      batch.add(dealer.kind, dealer.key, dealer.start, dealer.tries);
    }
    if (end == 0) {
      becomeIdle();
      return;
    }
    outFrom = 0;
    outTo = end;
    since = now;
    if (loop.reconnects()) {
      if (link != null) {
        link.reset();
      }
      disconnect();
      wasOpen = false;
      connect(now);
    } else {
      flush();
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

  private void flush() {
    Link to = link;
    if (to == null) {
      return;
    }
    try {
      outFrom += to.write(outAddress, outFrom, outTo);
      if (awaitsRoom != outFrom < outTo) {
        awaitsRoom = !awaitsRoom;
        to.wantsToWrite(awaitsRoom);
      }
    } catch (IOException e) {
      lost(e);
    }
  }

  @Override
  public void writable() {
    if (awaitsRoom) {
      flush();
    }
  }

  // ---- replies

  @Override
  public void readable() {
    try {
      int count = LoadLoop.IN_BYTES;
      while (link != null && count == LoadLoop.IN_BYTES) {
        count = link.read(loop.inAddress(), LoadLoop.IN_BYTES);
        if (count < 0) {
          throw new IOException(lane.endpoint() + " has closed a connection");
        }
        take(count);
      }
    } catch (IOException e) {
      lost(e);
    }
  }

  private void take(int count) throws IOException {
    long now = loop.now();
    ByteBuffer in = loop.in();
    int at = 0;
    while (at < count) {
      at = scanner.scan(in, at, count);
      if (scanner.isComplete()) {
        replied(now);
      }
    }
    if (batch.unanswered() == 0 && count > 0) {
      feed(now);
    }
  }

  private void replied(long now) throws IOException {
    if (batch.unanswered() == 0) {
      throw new IOException(lane.endpoint() + " answers what nobody asked: "
          + (scanner.isError() ? scanner.errorLine() : "a reply too many"));
    }
    if (scanner.isError()) {
      refused(scanner.errorLine(), now);
    } else {
      Kind kind = batch.kind();
      loop.tally().done(kind, batch.start(), now);
      if (scanner.isAbsent()) {
        loop.tally().absent(kind);
      }
      loop.finished(now);
    }
    batch.answer();
  }

  private void refused(String text, long now) {
    ErrorLine line = ErrorLine.of(text, lane.endpoint().host());
    switch (line.action()) {
      case REDIRECT -> loop.redirected(batch.operation(), line, text, now);
      case RETRY -> {
        loop.retry(batch.operation(), line.word(), text, now);
        pause(now, PAUSE_NANOS);
      }
      case FAIL -> {
        loop.tally().failed(batch.kind(), line.word(), text, now);
        loop.finished(now);
      }
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
    awaitsRoom = false;
    since = now;
    scanner.reset();
    try {
      link = Link.open(loop.eventLoop(), lane.address(), this);
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
      flush();
    } else {
      feed(loop.now());
    }
  }

  @Override
  public void failed(IOException why) {
    lost(new IOException(
        "nobody answers at " + lane.endpoint() + ": " + why.getMessage(), why));
  }

  @Override
  public void broken(RuntimeException bug) {
    loop.broken(bug);
  }

  private void lost(IOException why) {
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
    if (link != null) {
      link.close();
      link = null;
    }
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
