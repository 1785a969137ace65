package dss.consensus;

import dss.core.cluster.Changes.Outcome;
import dss.core.cluster.ClusterState;
import dss.core.cluster.StateCommand;
import dss.core.cluster.StateEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage.StartupOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster state, replicated and durable. A command is decided inside the state machine; what its future gives is
 * the decision, durable. A future that fails says nothing: the command may still be applied. Commands on rows are
 * compare-and-set, so that asking again is safe. Source: docs/adr/0003-consensus.md.
 */
public final class ReplicatedState implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReplicatedState.class);

  /** Told of changes, on threads of the consensus library: implementations only enqueue. */
  public interface Listener {
    /** A whole state, from a snapshot or from the cluster's creation. */
    void loaded(ClusterState state);

    void changed(ClusterState state, List<StateEvent> events, StateCommand command);

    /** This process leads in this term, and all that was decided before is applied here. */
    void leading(long term);

    /** This process leads no more. */
    void following();

    /** The consensus has closed itself, or was closed. */
    void closed();
  }

  private static final long ANSWER_MS = 2_000;
  private static final long AGAIN_MS = 50;

  private final RaftServer server;
  private final ScheduledExecutorService announcer = Executors
      .newSingleThreadScheduledExecutor(Thread.ofPlatform().name("consensus-announcer").daemon().factory());
  private final RaftGroupId group;
  private final ClusterStateMachine machine;
  private final ClientId client = ClientId.randomId();
  private final AtomicLong calls = new AtomicLong();
  private final Function<String, ClusterState> founding;
  private final String clusterId;
  private final Path created;

  private ReplicatedState(EcsIdentity identity, Path directory, String host, int port,
      Function<String, ClusterState> founding, Listener listener) throws IOException {
    this.founding = founding;
    this.group = RaftGroupId.valueOf(identity.groupUuid());
    this.machine = new ClusterStateMachine(listener, this::leaderReady);
    this.clusterId = identity.clusterId();
    Path raft = directory.resolve("raft");
    RaftPeerId id = RaftPeerId.valueOf(identity.peerId());
    this.created = directory.resolve("ecs.created");
    boolean first = !Files.isDirectory(raft.resolve(identity.groupUuid().toString()));
    if (first && Files.exists(created)) {
      throw new IOException(raft + " is gone, but cluster " + clusterId
          + " was created here: restore it, an empty state would lose who holds what");
    }
    RaftPeer self = RaftPeer.newBuilder().setId(id).setAddress(host + ":" + port).build();
    // Only the first start of a cluster's first node names a peer; later the configuration comes from the disk.
    RaftGroup start = first ? RaftGroup.valueOf(group, self) : RaftGroup.valueOf(group);
    this.server = RaftServer.newBuilder().setServerId(id).setGroup(start).setStateMachine(machine)
        .setProperties(RatisSettings.of(raft, host, port, true))
        .setOption(first ? StartupOption.FORMAT : StartupOption.RECOVER).build();
  }

  /**
   * Opens the state in a directory, or creates a cluster in an empty one. Returns before this process leads.
   *
   * @param port of the consensus protocol
   * @param founding makes the first state of a new cluster of this id
   */
  public static ReplicatedState open(Path directory, String host, int port,
      Function<String, ClusterState> founding,
      Listener listener) throws IOException {
    EcsIdentity identity = EcsIdentity.openOrFormat(directory);
    var opened = new ReplicatedState(identity, directory, host, port, founding, listener);
    try {
      opened.server.start();
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw new IOException(
          "the ECS's log in " + directory + " cannot be opened on port " + port + ": " + root(e), e);
    }
    return opened;
  }

  private static String root(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  public String clusterId() {
    return clusterId;
  }

  /** The state applied here; null before the cluster was created. Any thread. */
  public @Nullable ClusterState state() {
    return machine.state();
  }

  /** Called by Ratis under its own locks: only enqueues. */
  private void leaderReady() {
    announcer.execute(this::announce);
  }

  /**
   * Creates the cluster where there is none, then tells the log that this peer leads. Asked right after an election the
   * library may still answer that it is not ready: again, as long as this peer leads.
   */
  private void announce() {
    try {
      var info = server.getDivision(group).getInfo();
      if (!info.isLeader()) {
        return;
      }
      if (machine.state() == null) {
        submit(new LogCommand.Create(founding.apply(clusterId))).get(ANSWER_MS, TimeUnit.MILLISECONDS);
        noteCreated();
      }
      var leading = new LogCommand.Leading(server.getId().toString(), info.getCurrentTerm());
      machine.announces(leading);
      submit(leading).get(ANSWER_MS, TimeUnit.MILLISECONDS);
    } catch (IOException | IllegalStateException | ExecutionException | TimeoutException e) {
      LOG.debug("not ready to lead yet", e);
      announcer.schedule(this::announce, AGAIN_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void noteCreated() {
    try {
      Files.writeString(created, clusterId + "\n");
    } catch (IOException e) {
      LOG.warn("cannot write {}", created, e);
    }
  }

  /** Submits a command; the future gives the decision, or fails with an unknown outcome. Any thread. */
  public CompletableFuture<Outcome> submit(StateCommand command) {
    return submit(new LogCommand.Change(command));
  }

  private CompletableFuture<Outcome> submit(LogCommand command) {
    var request = RaftClientRequest.newBuilder().setClientId(client).setServerId(server.getId())
        .setGroupId(group)
        .setCallId(calls.incrementAndGet()).setMessage(ClusterStateMachine.message(command))
        .setType(RaftClientRequest.writeRequestType()).build();
    try {
      return server.submitClientRequestAsync(request).thenApply(ReplicatedState::outcome);
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static Outcome outcome(RaftClientReply reply) {
    if (!reply.isSuccess()) {
      throw new IllegalStateException("the command was not decided here: " + reply.getException());
    }
    return LogCommand.decodeOutcome(reply.getMessage().getContent().toByteArray());
  }

  @Override
  public void close() {
    announcer.shutdownNow();
    try {
      server.close();
    } catch (IOException e) {
      LOG.warn("closing the ECS's log", e);
    }
  }
}
