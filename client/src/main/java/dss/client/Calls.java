package dss.client;

import dss.protocol.Reply;
import dss.protocol.Request;
import dss.wire.ConnectionLost;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Brings each call to the server that owns its slot, again and again until it is done or its time is over. Safe for
 * any thread; never blocks.
 *
 * <p>A call: tried -> done | redirected (tried at once) | to be tried again (after a pause, while the topology is asked
 * for; or at once, where it waits for long at a server that others say owns its slot no more) | over (budget, or the client
 * is closed).
 */
final class Calls implements AutoCloseable {
  /** Calls under way above which a further one fails: more than any sensible pipeline, bounded memory. */
  private static final int MAX_OPEN = 100_000;
  /** Redirects followed in a row without a pause, as other cluster clients do. */
  private static final int MAX_REDIRECTS = 5;
  /** So often the topology is asked for while calls wait for long, or to be tried again. */
  private static final long LOOK_NANOS = 100_000_000L;
  private static final String NOWHERE = "cluster";

  private final ClientSettings settings;
  private final Servers servers;
  private final Atlas atlas;
  private final ScheduledExecutorService timer;
  private final Set<Call> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;
  /** Of {@link #watch} alone. */
  private long lookedAt = System.nanoTime();

  Calls(ClientSettings settings, Servers servers, ScheduledExecutorService timer) {
    this.settings = settings;
    this.servers = servers;
    this.timer = timer;
    this.atlas = new Atlas(servers, timer, new Waiters());
  }

  Atlas atlas() {
    return atlas;
  }

  int openCalls() {
    return open.size();
  }

  void start(Call call) {
    if (open.size() >= MAX_OPEN) {
      call.fail(MAX_OPEN + " requests are under way already");
      return;
    }
    open.add(call);
    call.future.whenComplete((reply, failure) -> open.remove(call));
    if (closed) {
      call.fail("the client is closed");
    } else {
      attempt(call);
    }
  }

  private void attempt(Call call) {
    if (call.isDone()) {
      return;
    }
    Topology topology = atlas.topology();
    if (call.slot == Call.ANY) {
      any(call);
    } else if (topology != null) {
      route(call, topology);
    } else if (!atlas.await(call)) {
      attempt(call);
    }
  }

  private void route(Call call, Topology topology) {
    Endpoint redirect = call.redirect;
    call.redirect = null;
    Endpoint owner = redirect != null ? redirect : topology.owner(call.slot);
    if (owner == null) {
      // Whoever is asked knows better, or says what is wrong.
      any(call);
      return;
    }
    Server server = servers.at(owner);
    if (server.isAvoided()) {
      pause(call, server.failure(), server.endpoint());
    } else {
      give(call, server);
    }
  }

  private void any(Call call) {
    Server server = servers.inOrder().get(0);
    if (server.isAvoided()) {
      pause(call, server.failure(), server.endpoint());
    } else {
      give(call, server);
    }
  }

  private void give(Call call, Server server) {
    var attempt = new Attempt(call, server);
    call.attempt = attempt;
    server.send(attempt);
  }

  /** One sending of a call to a server; what comes of it counts once. */
  final class Attempt implements Server.Sending {
    private final Call call;
    private final Server server;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile boolean begun;
    private volatile long begunAt;

    Attempt(Call call, Server server) {
      this.call = call;
      this.server = server;
    }

    @Override
    public Request request() {
      return call.request;
    }

    @Override
    public boolean begin() {
      begunAt = System.nanoTime();
      begun = true;
      return call.begin();
    }

    @Override
    public void replied(Reply reply) {
      call.answered = true;
      Verdict verdict = Verdict.of(reply, server.endpoint(), call.maybe);
      if (over.compareAndSet(false, true)) {
        judge(call, server, verdict);
      } else if (verdict instanceof Verdict.Done done && !(reply instanceof Reply.Error)) {
        // Late, and true all the same.
        call.future.complete(done.reply());
      }
    }

    /** Whether it has waited for long at a server that lives: that may have been replaced without knowing it. */
    private boolean isOverdue(long now) {
      return begun && !over.get() && now - begunAt >= settings.replyTimeout().toNanos();
    }

    /** Takes the call to the one that owns its slot now, if that is another one. */
    private void moveOn(Topology topology) {
      Endpoint owner = call.slot == Call.ANY ? null : topology.owner(call.slot);
      if (owner == null || owner.equals(server.endpoint()) || !over.compareAndSet(false, true)) {
        return;
      }
      call.maybe |= call.write;
      call.underWay = false;
      note(call, server.endpoint().toString(), "no reply for long, and " + owner + " owns its slot now");
      attempt(call);
    }

    @Override
    public void failed(Throwable cause) {
      if (!over.compareAndSet(false, true)) {
        return;
      }
      call.maybe |= cause instanceof ConnectionLost lost && lost.written();
      call.underWay = false;
      again(call, server.endpoint(), String.valueOf(cause.getMessage()));
    }
  }

  private void judge(Call call, Server server, Verdict verdict) {
    Endpoint where = server.endpoint();
    if (verdict instanceof Verdict.Done done) {
      call.future.complete(done.reply());
    } else if (verdict instanceof Verdict.Moved moved) {
      call.underWay = false;
      redirected(call, where, moved);
    } else if (verdict instanceof Verdict.Again again) {
      server.doubt();
      call.maybe |= again.uncertain();
      call.underWay = false;
      again(call, where, again.line());
    } else if (verdict instanceof Verdict.Lost lost) {
      call.problem = where + ": " + lost.line();
      call.maybe = true;
      call.fail("no server can tell its outcome any more");
    }
  }

  private void redirected(Call call, Endpoint where, Verdict.Moved moved) {
    Topology topology = atlas.topology();
    if (topology != null) {
      topology.correct(moved.slot(), moved.to());
    }
    atlas.refresh();
    if (++call.redirects > MAX_REDIRECTS || topology == null) {
      again(call, where, moved.line());
      return;
    }
    note(call, where.toString(), moved.line());
    call.redirect = moved.to();
    attempt(call);
  }

  /** @param at whose answer it was; null: of the search for the topology */
  private void again(Call call, @Nullable Endpoint at, String why) {
    if (call.isDone()) {
      return;
    }
    note(call, at == null ? NOWHERE : at.toString(), why);
    pause(call, call.problem, at);
  }

  private void pause(Call call, String problem, @Nullable Endpoint at) {
    call.problem = problem;
    call.failures++;
    call.redirects = 0;
    var pause = new Call.Pause(at);
    call.pause.set(pause);
    atlas.refresh();
    timer.schedule(() -> resume(call, pause), Backoff.delayMs(call.failures), TimeUnit.MILLISECONDS);
  }

  private void resume(Call call, Call.Pause pause) {
    if (call.pause.compareAndSet(pause, null)) {
      attempt(call);
    }
  }

  /** Who waits to try a server that was replaced goes to its successor at once. */
  private void resumeElsewhere(Topology topology) {
    for (Call call : open) {
      Call.Pause pause = call.pause.get();
      Endpoint owner = pause == null || call.slot == Call.ANY ? null : topology.owner(call.slot);
      if (pause != null && owner != null && !owner.equals(pause.at())) {
        guarded(call, () -> resume(call, pause));
      }
    }
  }

  private void note(Call call, String where, String why) {
    call.problem = where + ": " + why;
    settings.retries().again(where, why);
  }

  /** To be called now and then: ends calls whose time is over, and sees to those that wait for long. */
  void watch() {
    long now = System.nanoTime();
    boolean stuck = false;
    for (Call call : open) {
      stuck |= isStuck(call, now);
      guarded(call, () -> watch(call, now));
    }
    if (stuck && now - lookedAt >= LOOK_NANOS) {
      lookedAt = now;
      atlas.refresh();
    }
  }

  /** Whether it waits for long, or to be tried again. */
  private static boolean isStuck(Call call, long now) {
    Attempt attempt = call.attempt;
    return call.pause.get() != null || attempt != null && attempt.isOverdue(now);
  }

  private void watch(Call call, long now) {
    Attempt attempt = call.attempt;
    Topology topology = atlas.topology();
    if (call.deadlineNanos - now <= 0) {
      call.fail("not within " + settings.retryBudget().toMillis() + " ms");
    } else if (attempt != null && topology != null && attempt.isOverdue(now)) {
      attempt.server.doubt();
      attempt.moveOn(topology);
    }
  }

  /** What is thrown, by a listener of retries say, ends this call: the others go on. */
  private static void guarded(Call call, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      call.fail(String.valueOf(e));
    }
  }

  /** Ends all calls. */
  @Override
  public void close() {
    closed = true;
    open.forEach(call -> call.fail("the client is closed"));
  }

  private final class Waiters implements Atlas.Waiters {
    @Override
    public void dispatch(Call call, Topology topology) {
      route(call, topology);
    }

    @Override
    public void found(Topology topology) {
      resumeElsewhere(topology);
    }

    @Override
    public void failed(Call call, String why, boolean answered) {
      call.answered |= answered;
      again(call, null, why);
    }
  }
}
