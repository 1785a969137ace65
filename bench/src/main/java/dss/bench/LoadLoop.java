package dss.bench;

import io.netty.channel.EventLoop;
import io.netty.channel.unix.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One event loop with its connections: runs its share of a phase. What it measures is in the {@link Tally} of each
 * phase. {@link #connect}, {@link #run}, {@link #adopt} and {@link #close} are safe for any thread, all else is for
 * the loop alone.
 */
final class LoadLoop {
  /** What is read at once from a socket: the replies of a long pipeline. */
  static final int IN_BYTES = 64 * 1024;
  /** How often it looks after what no reply sets going: pauses, reconnects, seconds, the end. */
  private static final long TICK_NANOS = 10_000_000L;
  /** Replies are awaited for so long once a phase is over. */
  private static final long DRAIN_NANOS = 5_000_000_000L;
  /** Without any operation done for so long the run is given up. */
  private static final long STALL_NANOS = 30_000_000_000L;
  /** At a hundred a second: half a minute. */
  private static final int MOST_TRIES = 3000;
  /** Redirects of one operation that are followed at once. */
  private static final int MOST_HOPS = 3;
  /** Arrivals closer to each other are taken together: each timer costs two system calls. */
  private static final long LEAST_TIMER_NANOS = 50_000L;

  private final EventLoop loop;
  private final int index;
  private final Maps maps;
  private final Routes routes;
  private final RequestForm[] forms;
  private final BenchSettings settings;
  private final int requestBytes;
  private final long timeoutNanos;
  private final List<LoadConnection> connections = new ArrayList<>();
  private final ByteBuffer in = ByteBuffer.allocateDirect(IN_BYTES);
  private final long inAddress = Buffer.memoryAddress(in);
  private final Delays delays = new Delays();
  private final CompletableFuture<Void> connected = new CompletableFuture<>();
  private CompletableFuture<Tally> ended = new CompletableFuture<>();
  private Tally tally = new Tally(new Totals(1), System.nanoTime());
  private @Nullable Dealer dealer;
  private boolean timerSet;
  private long stalledSince;
  private long seenReply;
  private String trouble = "";

  /** A loop with so many connections; nothing happens before {@link #connect}. */
  LoadLoop(EventLoop loop, int index, int connections, BenchSettings settings, Maps maps,
      ValuePool values) {
    this.loop = loop;
    this.index = index;
    this.maps = maps;
    this.settings = settings;
    this.routes = new Routes(maps.map());
    this.forms = RequestForm.all(settings.protocol(), settings.keySpace(), values);
    this.requestBytes = settings.requestBytes();
    this.timeoutNanos = settings.load().timeout().toNanos();
    for (int i = 0; i < connections; i++) {
      addConnection(i + index);
    }
  }

  private void addConnection(int turn) {
    Lane lane = routes.lanes().get(turn % routes.lanes().size());
    connections.add(new LoadConnection(this, lane, settings.load().pipeline()));
  }

  /** A connection's way to its server, closed. */
  Wire wire(Wire.Events events) {
    return switch (settings.protocol()) {
      case REDIS -> new RespWire(this, events, settings.load().pipeline() * requestBytes);
      case ETCD -> new GrpcWire(this, events, requestBytes);
    };
  }

  int connections() {
    return connections.size();
  }

  // ---- from other threads

  /** Makes all connections; {@link NobodyAnswers} where one cannot be made. */
  CompletableFuture<Void> connect() {
    loop.execute(() -> connections.forEach(one -> one.connect(now())));
    loop.scheduleAtFixedRate(this::tick, TICK_NANOS, TICK_NANOS, TimeUnit.NANOSECONDS);
    return connected;
  }

  /** Runs this loop's share of a phase, one at a time; the tally is complete when its future is. */
  CompletableFuture<Tally> run(Phase phase, Totals totals, long begin) {
    var end = new CompletableFuture<Tally>();
    loop.execute(() -> {
      ended = end;
      tally = new Tally(totals, begin);
      dealer = new Dealer(phase, settings, routes, forms, index, begin);
      stalledSince = now();
      tick();
    });
    return end;
  }

  /** The phase is over now, whatever its time was to be. */
  void stop() {
    loop.execute(() -> {
      Dealer now = dealer;
      if (now != null) {
        now.stop(now());
      }
    });
  }

  /** Follows a newer map. */
  void adopt(ClusterMap map) {
    List<Lane> lanes = Routes.lanesOf(map);
    loop.execute(() -> {
      for (Lane gone : routes.adopt(map, lanes)) {
        gone.again().drainTo((kind, key) -> routes.lane(form(kind), key).again());
        gone.waiting().drainTo((kind, key) -> routes.lane(form(kind), key).waiting());
      }
      while (connections.size() < settings.load().connectionsOf(index, routes.lanes().size())) {
        addConnection(0);
      }
      Spread.even(connections, routes.lanes(), index);
    });
  }

  void close() {
    loop.execute(() -> connections.forEach(LoadConnection::close));
  }

  // ---- for its connections

  EventLoop eventLoop() {
    return loop;
  }

  long now() {
    return System.nanoTime();
  }

  long timeoutNanos() {
    return timeoutNanos;
  }

  ByteBuffer in() {
    return in;
  }

  long inAddress() {
    return inAddress;
  }

  /** Null between phases. */
  @Nullable
  Dealer dealer() {
    return dealer;
  }

  Tally tally() {
    return tally;
  }

  RequestForm form(Kind kind) {
    return forms[kind.ordinal()];
  }

  /** Whether each batch is sent over a new connection. */
  boolean reconnects() {
    return settings.load().clients().reconnect();
  }

  /** An operation has its last reply. */
  void finished(long now) {
    if (dealer != null) {
      dealer.finished();
      if (settings.load().clients().roam()) {
        // Its client goes on, mostly with another server.
        arrive(now);
      }
    }
  }

  void connected() {
    if (!connected.isDone() && connections.stream().allMatch(LoadConnection::isOpen)) {
      connected.complete(null);
    }
  }

  /** A connection could not be made, or was lost: perhaps its server is none any more. */
  void trouble(IOException why) {
    trouble = String.valueOf(why.getMessage());
    if (!connected.isDone()) {
      connected.completeExceptionally(new NobodyAnswers(trouble));
    }
    maps.refresh();
  }

  /** A bug: the run ends with it. */
  void broken(RuntimeException bug) {
    connected.completeExceptionally(bug);
    ended.completeExceptionally(bug);
  }

  /** The reply to an operation was that another server owns its slot: it goes there, at once if that is known. */
  void redirected(Operation operation, ErrorLine line, String text, long now) {
    tally.counts().redirects++;
    maps.refresh();
    Lane to = line.to() == null ? null : routes.correct(line.slot(), line.to());
    if (to == null || operation.tries() > MOST_HOPS) {
      later(operation, line.word(), text, now);
    } else {
      wait(operation, to);
    }
  }

  /** An operation is to be sent again, after a pause. */
  void retry(Operation operation, String word, String text, long now) {
    tally.counts().retried(word);
    if (word.equals("CLUSTERDOWN")) {
      maps.refresh();
    }
    later(operation, word, text, now);
  }

  private void later(Operation operation, String word, String text, long now) {
    if (operation.tries() > MOST_TRIES) {
      tally.failed(operation.kind(), word, text, now);
      finished(now);
    } else {
      delays.add(operation, now);
    }
  }

  private static void wait(Operation operation, Lane lane) {
    lane.again().add(operation.kind(), operation.key(), operation.start(), operation.tries());
  }

  // ---- time

  private void tick() {
    try {
      long now = now();
      delays.release(now,
          operation -> wait(operation, routes.lane(form(operation.kind()), operation.key())));
      arrive(now);
      connections.forEach(connection -> connection.feed(now));
      Dealer current = dealer;
      if (current != null) {
        tally.roll(now);
        endIfOver(current, now);
      }
    } catch (RuntimeException e) {
      broken(e);
    }
  }

  /** What has become due, in an open loop or by clients that roam, goes to connections that are free. */
  private void arrive(long now) {
    Dealer current = dealer;
    if (current == null) {
      return;
    }
    current.arrive(now);
    for (Lane lane : routes.lanes()) {
      for (int free = lane.idle().size(); free > 0 && lane.hasWork(); free--) {
        lane.idle().remove().wake(now);
      }
    }
    long next = current.nextArrival();
    if (next != Phase.UNBOUNDED && !timerSet) {
      timerSet = true;
      loop.schedule(this::timer, Math.max(LEAST_TIMER_NANOS, next - now), TimeUnit.NANOSECONDS);
    }
  }

  private void timer() {
    timerSet = false;
    try {
      arrive(now());
    } catch (RuntimeException e) {
      broken(e);
    }
  }

  private void endIfOver(Dealer current, long now) {
    boolean underWay = connections.stream().anyMatch(one -> one.unanswered() > 0);
    if (current.isDone(now, underWay) || current.overFor(now) > DRAIN_NANOS) {
      end(current, now);
    } else if (!current.owes() || tally.lastReply() != seenReply) {
      stalledSince = now;
      seenReply = tally.lastReply();
    } else if (now - stalledSince > STALL_NANOS) {
      ended.completeExceptionally(
          new NobodyAnswers("no operation was done for " + STALL_NANOS / 1_000_000_000L + " s"
              + (trouble.isEmpty() ? "" : "; last " + trouble)));
    }
  }

  private void end(Dealer current, long now) {
    dealer = null;
    delays.clear();
    current.end();
    Counts counts = tally.counts();
    counts.unsent += current.unsent();
    for (LoadConnection connection : connections) {
      counts.unanswered += connection.abandon();
    }
    tally.end(now);
    ended.complete(tally);
  }
}
