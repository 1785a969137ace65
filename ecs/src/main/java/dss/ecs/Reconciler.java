package dss.ecs;

import dss.consensus.ReplicatedState;
import dss.core.cluster.Changes.Outcome;
import dss.core.cluster.ClusterState;
import dss.core.cluster.ServerInfo;
import dss.core.cluster.StateCommand;
import dss.core.cluster.StateEvent;
import dss.core.ecs.Controller;
import dss.core.ecs.Controller.TrustRefused;
import dss.core.ecs.ServerReport;
import dss.core.planted.PlantedBugs;
import dss.peer.SessionMessage;
import io.netty.channel.EventLoop;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives the controller on the ECS's loop: feeds it what is heard and what has changed, and commits, one after the
 * other, the changes that it finds due. Everything but {@link #listener} is loop only.
 */
final class Reconciler implements ServerSessions.Heard {
  private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
  private static final int TICK_MS = 50;
  private static final int LEADS_MS = 500;
  /** Changes come in bursts, one a shard: a tick looks at all shards, and is made once for a burst. */
  private static final int SOON_MS = 10;

  private final EventLoop loop;
  private final TrustRefused trustRefused;
  private final Consumer<ClusterState> known;
  private final EventLog events = new EventLog();
  private final ServerSessions sessions = new ServerSessions(this);
  private Happenings happenings = new Happenings(events);
  private @Nullable ReplicatedState replicated;
  private @Nullable GoneProbe probe;
  private Consumer<ClusterState> whenLeading = state -> {};
  private @Nullable Controller controller;
  private @Nullable ClusterState state;
  private @Nullable Runnable leadingMissed;
  /** What the log tells counts while it is this one: an earlier one may go on speaking for a while. */
  private int logs;
  private long term;
  private boolean committing;
  private boolean tickSoon;
  private final CompletableFuture<ClusterState> ready = new CompletableFuture<>();

  /** @param known told, on the loop, each whole state: at the start, and where this ECS was far behind */
  Reconciler(EventLoop loop, TrustRefused trustRefused, Consumer<ClusterState> known) {
    this.loop = loop;
    this.trustRefused = trustRefused;
    this.known = known;
  }

  ServerSessions sessions() {
    return sessions;
  }

  EventLog events() {
    return events;
  }

  /** Completes when this ECS leads for the first time. */
  CompletableFuture<ClusterState> ready() {
    return ready;
  }

  /**
   * Begins to act.
   *
   * @param leads told, on the loop, whenever this ECS begins to lead
   */
  void start(GoneProbe with, Consumer<ClusterState> leads) {
    loop.execute(() -> {
      probe = with;
      whenLeading = leads;
      runMissed();
    });
    loop.scheduleAtFixedRate(this::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    loop.scheduleAtFixedRate(this::sayLeads, LEADS_MS, LEADS_MS, TimeUnit.MILLISECONDS);
  }

  /**
   * Acts on this log from now on; null: on none. That it leads is kept until {@link #start}: a lone peer may lead before
   * its ports are open. Any thread.
   */
  void use(@Nullable ReplicatedState of) {
    loop.execute(() -> {
      replicated = of;
      if (of == null) {
        logs++;
        following();
        state = null;
      } else if (probe != null) {
        runMissed();
      }
    });
  }

  /** A log of which this process took note too late has said that it leads. */
  private void runMissed() {
    Runnable missed = leadingMissed;
    leadingMissed = null;
    if (missed != null) {
      missed.run();
    }
  }

  private void sayLeads() {
    ClusterState now = state;
    ReplicatedState of = replicated;
    if (controller != null && of != null && !of.isLeading()) {
      following();
    }
    if (controller != null && now != null && now.ecs().size() > 1) {
      sessions.leads(term);
    }
  }

  static long nowMs() {
    return System.nanoTime() / 1_000_000;
  }

  // ---- the replicated state

  /** What the next log tells, brought to the loop. Any thread. */
  ReplicatedState.Listener listener(Runnable closed) {
    return new ReplicatedState.Listener() {
      private int own = -1;

      {
        loop.execute(() -> own = ++logs);
      }

      private void onLoop(Runnable task) {
        loop.execute(() -> {
          if (own == logs) {
            task.run();
          }
        });
      }

      @Override
      public void loaded(ClusterState loaded) {
        onLoop(() -> Reconciler.this.loaded(loaded));
      }

      @Override
      public void changed(ClusterState next, List<StateEvent> changes, StateCommand command) {
        onLoop(() -> Reconciler.this.changed(next, changes, command));
      }

      @Override
      public void leading(long term) {
        onLoop(() -> Reconciler.this.leading(term));
      }

      @Override
      public void following() {
        onLoop(Reconciler.this::following);
      }

      @Override
      public void closed() {
        closed.run();
      }
    };
  }

  private void loaded(ClusterState loaded) {
    state = loaded;
    known.accept(loaded);
  }

  private void changed(ClusterState next, List<StateEvent> changes, StateCommand command) {
    ClusterState before = state;
    state = next;
    Controller now = controller;
    if (now == null || before == null) {
      return;
    }
    now.stateChanged(next);
    happenings.changed(before, next, changes, command);
    sessions.changed(next, changes);
    joinThoseWhoWait();
    soon();
  }

  private void leading(long term) {
    if (replicated == null || probe == null) {
      leadingMissed = () -> leading(term);
      return;
    }
    ClusterState now = state;
    if (now == null) {
      return;
    }
    LOG.info("this ECS leads cluster {} in term {} from version {} on", now.clusterId(), term, now.version());
    var fresh = new Controller(now, trustRefused, PlantedBugs.NONE);
    fresh.leading(nowMs());
    happenings = new Happenings(events);
    events.add("this ECS leads, version " + now.version());
    controller = fresh;
    this.term = term;
    ready.complete(now);
    whenLeading.accept(now);
  }

  private void following() {
    if (controller != null) {
      LOG.info("this ECS leads no more");
    }
    controller = null;
    leadingMissed = null;
    sessions.endAll();
  }

  @Override
  public boolean leading() {
    return controller != null;
  }

  @Override
  public @Nullable ClusterState state() {
    return state;
  }

  /** Null while this ECS does not lead. */
  @Nullable
  Controller controller() {
    return controller;
  }

  // ---- what servers say

  @Override
  public void asked(ServerSession from, StateCommand asked) {
    ReplicatedState to = replicated;
    Controller now = controller;
    if (now == null || to == null || !from.mayAsk(state, asked)) {
      return;
    }
    StateCommand command = now.admitted(asked, nowMs());
    if (command == null) {
      return;
    }
    to.submit(command).whenCompleteAsync((outcome, failure) -> {
      if (outcome instanceof Outcome.Refused refused && command instanceof StateCommand.Register register) {
        from.send(new SessionMessage.Refused(register.nonce(), refused.knownBoot()));
      } else if (failure != null) {
        LOG.warn("a change was not decided: {}", failure.getMessage());
      }
    }, loop);
  }

  @Override
  public void heartbeat(ServerInfo server, ServerReport report) {
    Controller now = controller;
    if (now != null) {
      now.heard(server.number(), server.boot(), report, nowMs());
    }
  }

  @Override
  public void wantsToJoin(ServerSession from) {
    from.joins = true;
    joinThoseWhoWait();
  }

  private void joinThoseWhoWait() {
    ClusterState now = state;
    if (now == null || controller == null) {
      return;
    }
    for (ServerInfo server : now.servers()) {
      ServerSession session = sessions.of(server.id());
      if (session != null && session.joins && server.nonce() == session.connection.peer().nonce()) {
        session.joins = false;
        if (!server.member()) {
          commit(new StateCommand.SetMember(server.number(), true));
        }
      }
    }
  }

  @Override
  public void ended(ServerInfo server) {
    Controller now = controller;
    if (now != null && probe != null) {
      now.sessionEnded(server.number());
      probe.sessionEnded(server.number());
    }
  }

  /** Its process is gone. */
  void gone(int server) {
    Controller now = controller;
    if (now != null) {
      now.processGone(server);
      soon();
    }
  }

  // ---- what it does

  /** Commits a change that a person asked for; completes on the loop. */
  CompletableFuture<Outcome> commit(StateCommand command) {
    ReplicatedState to = replicated;
    if (to == null || controller == null) {
      return CompletableFuture.failedFuture(new IllegalStateException("this ECS does not lead now"));
    }
    return to.submit(command).whenCompleteAsync((outcome, failure) -> soon(), loop);
  }

  void soon() {
    if (!tickSoon) {
      tickSoon = true;
      loop.schedule(() -> {
        tickSoon = false;
        tick();
      }, SOON_MS, TimeUnit.MILLISECONDS);
    }
  }

  private void tick() {
    Controller now = controller;
    if (now == null || committing) {
      return;
    }
    try {
      List<StateCommand> due = now.tick(nowMs());
      happenings.statuses(now, nowMs());
      happenings.slow(now, nowMs());
      if (!due.isEmpty()) {
        committing = true;
        next(due.iterator());
      }
    } catch (RuntimeException e) {
      LOG.error("the ECS cannot reconcile", e);
    }
  }

  private void next(Iterator<StateCommand> due) {
    ReplicatedState to = replicated;
    if (!due.hasNext() || to == null || controller == null) {
      committing = false;
      return;
    }
    to.submit(due.next()).whenCompleteAsync((outcome, failure) -> {
      if (failure != null) {
        LOG.warn("a change was not decided: {}", failure.getMessage());
        committing = false;
      } else {
        next(due);
      }
    }, loop);
  }
}
