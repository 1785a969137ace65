package dss.client;

import dss.protocol.Reply;
import dss.protocol.Request;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The newest topology that was heard of. Asks one server after the other for it, the next one soon where the first
 * does not answer; never two searches at once and at most ten a second. Safe for any thread.
 */
final class Atlas {
  /** Between the starts of two searches: many requests fail together. */
  private static final long PAUSE_NANOS = 100_000_000L;
  /** After so long without an answer the next server is asked too. */
  private static final long NEXT_MS = 250;
  private static final Request SLOTS = Request.of("CLUSTER", "SLOTS");

  /** What is to be done with calls that came before there was a topology. */
  interface Waiters {
    /** There is one now; called in the order of the calls, before any later call passes, and not to block. */
    void dispatch(Call call, Topology topology);

    /** There is a newer one. */
    void found(Topology topology);

    /** There is none still. */
    void failed(Call call, String why, boolean answered);
  }

  private final Servers servers;
  private final ScheduledExecutorService timer;
  private final Waiters waiters;
  /** Guarded by this, as the search. */
  private final List<Call> waiting = new ArrayList<>();
  private @Nullable Search search;
  private boolean planned;
  private long startedAt = System.nanoTime() - PAUSE_NANOS;
  private volatile @Nullable Topology topology;

  Atlas(Servers servers, ScheduledExecutorService timer, Waiters waiters) {
    this.servers = servers;
    this.timer = timer;
    this.waiters = waiters;
  }

  /** Null before any server has told it. */
  @Nullable
  Topology topology() {
    return topology;
  }

  Collection<Endpoint> servers() {
    Topology now = topology;
    return now == null ? List.of() : now.servers();
  }

  /** Keeps the call until there is a topology or a search for one has failed; false: there is one. */
  synchronized boolean await(Call call) {
    if (topology != null) {
      return false;
    }
    waiting.add(call);
    refresh();
    return true;
  }

  /** The topology may be out of date: it is asked for, soon. */
  synchronized void refresh() {
    if (search != null || planned) {
      return;
    }
    planned = true;
    long pause = Math.max(0, startedAt + PAUSE_NANOS - System.nanoTime());
    timer.schedule(this::start, pause, TimeUnit.NANOSECONDS);
  }

  private void start() {
    var fresh = new Search(servers.inOrder());
    synchronized (this) {
      planned = false;
      startedAt = System.nanoTime();
      search = fresh;
    }
    fresh.askNext(0);
  }

  private void found(Search by, Topology fresh) {
    fresh.servers().forEach(servers::at);
    synchronized (this) {
      if (search != by) {
        return;
      }
      search = null;
      // Before a later call can see the topology and overtake them.
      waiting.forEach(call -> waiters.dispatch(call, fresh));
      waiting.clear();
      topology = fresh;
    }
    waiters.found(fresh);
  }

  private synchronized boolean isUnderWay(Search one) {
    return search == one;
  }

  private void failed(Search by, String why, boolean answered) {
    List<Call> failed;
    synchronized (this) {
      if (search != by) {
        return;
      }
      search = null;
      failed = List.copyOf(waiting);
      waiting.clear();
    }
    failed.forEach(call -> waiters.failed(call, why, answered));
  }

  /** One round of questions. Its fields are guarded by itself. */
  private final class Search {
    private final List<Server> candidates;
    private int asked;
    private int unanswered;
    private boolean answered;
    private String why = "nobody answers";

    Search(List<Server> candidates) {
      this.candidates = candidates;
    }

    /** Asks the next server if not more than {@code expected} have been asked. */
    void askNext(int expected) {
      Server next;
      if (!isUnderWay(this)) {
        return;
      }
      synchronized (this) {
        if (asked != expected || asked == candidates.size()) {
          return;
        }
        next = candidates.get(asked++);
        unanswered++;
      }
      timer.schedule(() -> askNext(expected + 1), NEXT_MS, TimeUnit.MILLISECONDS);
      next.send(new Question(next.endpoint(), this::heard));
    }

    private void heard(Answer answer) {
      if (answer.topology != null) {
        found(this, answer.topology);
        return;
      }
      int expected;
      boolean over;
      synchronized (this) {
        unanswered--;
        answered |= answer.answered;
        why = answer.why;
        expected = asked;
        over = unanswered == 0 && asked == candidates.size();
      }
      if (over) {
        failed(this, why, answered);
      } else {
        askNext(expected);
      }
    }
  }

  private record Answer(@Nullable Topology topology, boolean answered, String why) {}

  private static final class Question implements Server.Sending {
    private final Endpoint to;
    private final Consumer<Answer> heard;

    Question(Endpoint to, Consumer<Answer> heard) {
      this.to = to;
      this.heard = heard;
    }

    @Override
    public Request request() {
      return SLOTS;
    }

    @Override
    public boolean begin() {
      return true;
    }

    @Override
    public void replied(Reply reply) {
      String why = reply instanceof Reply.Error error ? error.text() : to + " knows no servers";
      heard.accept(new Answer(Topology.of(reply, to), true, why));
    }

    @Override
    public void failed(Throwable cause) {
      heard.accept(new Answer(null, false, String.valueOf(cause.getMessage())));
    }
  }
}
