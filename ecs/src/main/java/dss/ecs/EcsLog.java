package dss.ecs;

import dss.consensus.EcsIdentity;
import dss.consensus.Member;
import dss.consensus.Place;
import dss.consensus.ReplicatedState;
import dss.core.cluster.ClusterState;
import dss.core.cluster.StateCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which replicated log this process takes part in: none while it waits to be admitted to one, later perhaps another.
 * Opening and closing take seconds and happen on a thread of their own; the rest may be called by any thread.
 */
final class EcsLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EcsLog.class);
  private static final long CLOSE_SECONDS = 15;

  /** What this process is to its cluster. */
  enum Part {
    /** It has no cluster: others are to admit it. */
    WAITING,
    /** It has a log and is no member yet. */
    JOINING,
    /** A member. */
    MEMBER,
    /** It was a member. */
    REMOVED
  }

  private final EcsSettings settings;
  private final Place place;
  private final Function<String, ClusterState> founding;
  private final Reconciler reconciler;
  private final Consumer<String> broken;
  private final ExecutorService worker = Executors
      .newSingleThreadExecutor(Thread.ofPlatform().name("ecs-log").daemon().factory());
  private volatile @Nullable ReplicatedState now;
  private volatile boolean removed;
  private volatile boolean closing;

  /** @param broken told why this process must not go on */
  EcsLog(EcsSettings settings, Place place, Function<String, ClusterState> founding, Reconciler reconciler,
      Consumer<String> broken) {
    this.settings = settings;
    this.place = place;
    this.founding = founding;
    this.reconciler = reconciler;
    this.broken = broken;
  }

  @Nullable
  ReplicatedState now() {
    return now;
  }

  Part part() {
    ReplicatedState state = now;
    if (state == null) {
      return Part.WAITING;
    }
    if (contains(state.members(), state.self())) {
      return Part.MEMBER;
    }
    return removed || state.wasMember() ? Part.REMOVED : Part.JOINING;
  }

  private static boolean contains(List<Member> members, Member self) {
    return members.stream().anyMatch(member -> member.id().equals(self.id()));
  }

  /** Nothing stands in this cluster that anybody would miss: no server was ever in it, no other ECS is. */
  private boolean isPristine() {
    ReplicatedState state = now;
    ClusterState cluster = state == null ? null : state.state();
    return state != null && cluster != null && cluster.numbersGiven() == 0 && state.members().size() == 1;
  }

  // ---- opening

  /** Opens the log of the directory; null: the directory is new. */
  @Nullable
  ReplicatedState openExisting() throws IOException {
    EcsIdentity identity = EcsIdentity.read(settings.data());
    return identity == null ? null : open(identity);
  }

  /** Begins a new cluster in a new directory. */
  ReplicatedState found() throws IOException {
    EcsIdentity begun = EcsIdentity.read(settings.data());
    return open(begun != null ? begun : EcsIdentity.found(settings.data(), settings.name()));
  }

  /** Begins the lost ECS of a cluster anew, with this state. */
  ReplicatedState rebuild(ClusterState state) throws IOException {
    return open(
        EcsIdentity.rebuild(settings.data(), settings.name(), state.clusterId(), StateCodec.encode(state)));
  }

  private ReplicatedState open(EcsIdentity identity) throws IOException {
    Path data = settings.data();
    removed = false;
    ReplicatedState opened = ReplicatedState.open(identity, data, place, founding,
        reconciler.listener(() -> consensusClosed(identity)));
    now = opened;
    reconciler.use(opened);
    return opened;
  }

  /** Begins a new cluster, not on this thread. */
  CompletableFuture<Void> foundSoon() {
    return later(() -> {
      if (now == null) {
        found();
      }
    });
  }

  /**
   * Takes part in this cluster from now on, as soon as it is admitted: in a new directory, or instead of a cluster
   * that holds nothing, or that this ECS was removed from. The future fails with why not.
   */
  CompletableFuture<Void> join(String clusterId) {
    return later(() -> {
      ReplicatedState old = now;
      Part part = part();
      if (old != null && old.clusterId().equals(clusterId) && part != Part.REMOVED) {
        return;
      }
      if (old != null && part != Part.REMOVED && !isPristine()) {
        throw new IOException("this ECS has a cluster of its own, " + old.clusterId()
            + ": start it with an empty --data directory to let it join another");
      }
      if (old != null) {
        removed = true;
        old.close();
        now = null;
        reconciler.use(null);
        EcsIdentity.forget(settings.data());
      }
      LOG.info("joining cluster {}", clusterId);
      EcsIdentity begun = EcsIdentity.read(settings.data());
      boolean again = begun != null && begun.joins() && begun.clusterId().equals(clusterId);
      open(begun != null && again ? begun : EcsIdentity.join(settings.data(), settings.name(), clusterId));
    });
  }

  private interface Step {
    void run() throws IOException;
  }

  private CompletableFuture<Void> later(Step step) {
    return CompletableFuture.runAsync(() -> {
      try {
        step.run();
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    }, worker);
  }

  // ---- closing

  private void consensusClosed(EcsIdentity identity) {
    ReplicatedState state = now;
    if (closing || removed || state == null || !state.self().id().equals(identity.peerId())) {
      return;
    }
    if (contains(state.members(), state.self())) {
      broken.accept("the replicated log has closed itself: " + settings.data() + " or its disk is at fault");
      return;
    }
    removed = true;
    LOG.warn("this ECS was removed from cluster {}: it may be stopped, or added again with dss admin ecs add",
        identity.clusterId());
  }

  @Override
  public void close() {
    closing = true;
    worker.shutdown();
    try {
      if (!worker.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("the replicated log is still being opened or closed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ReplicatedState state = now;
    if (state != null) {
      state.close();
    }
  }
}
