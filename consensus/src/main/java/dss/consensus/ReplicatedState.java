package dss.consensus;

import dss.core.cluster.Changes.Outcome;
import dss.core.cluster.ClusterState;
import dss.core.cluster.StateCommand;
import dss.core.cluster.StateEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy;
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
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
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

  static final String RAFT = "raft";
  static final String CREATED = "ecs.created";
  static final String MEMBERS = "ecs.members";
  private static final long ANSWER_MS = 2_000;
  private static final long AGAIN_MS = 50;
  private static final long HAND_OVER_MS = 3_000;
  private static final long CLOSE_SECONDS = 5;

  private final RaftServer server;
  private final ScheduledThreadPoolExecutor announcer = new ScheduledThreadPoolExecutor(1,
      Thread.ofPlatform().name("consensus-announcer").daemon().factory(), new DiscardPolicy());
  private final RaftGroupId group;
  private final ClusterStateMachine machine;
  private final ClientId client = ClientId.randomId();
  private final AtomicLong calls = new AtomicLong();
  private final Function<String, ClusterState> founding;
  private final EcsIdentity identity;
  private final Member self;
  private final Path directory;
  private final boolean alone;
  private volatile boolean wasMember;

  private ReplicatedState(EcsIdentity identity, Path directory, Place place,
      Function<String, ClusterState> founding, Listener listener) throws IOException {
    this.founding = founding;
    this.identity = identity;
    this.directory = directory;
    this.self = new Member(identity.peerId(), place.consensus(), place.resp());
    this.group = RaftGroupId.valueOf(identity.groupUuid());
    this.machine = new ClusterStateMachine(listener, this::leaderReady, this::noteMembers);
    this.wasMember = Files.exists(directory.resolve(CREATED));
    Path raft = directory.resolve(RAFT);
    boolean first = !Files.isDirectory(raft.resolve(identity.groupUuid().toString()));
    if (first && Files.exists(directory.resolve(CREATED))) {
      throw new IOException(raft + " is gone, but this was an ECS of cluster " + identity.clusterId()
          + ": restore it, or start anew with an empty --data directory where other ECS of the cluster live");
    }
    // Only the first start of a cluster's first peer names a peer; else the configuration comes from the disk, or from
    // those who admit this one.
    boolean founds = first && !identity.joins();
    RaftGroup start = founds ? RaftGroup.valueOf(group, self.peer(0)) : RaftGroup.valueOf(group);
    this.alone = !identity.joins() && known(directory) <= 1;
    this.server = RaftServer.newBuilder().setServerId(RaftPeerId.valueOf(self.id())).setGroup(start)
        .setStateMachine(machine)
        .setProperties(RatisSettings.of(raft, place.bind(), place.consensus().port(), alone))
        .setOption(founds ? StartupOption.FORMAT : StartupOption.RECOVER).build();
  }

  /** How many members were noted last; 0: none yet. */
  private static int known(Path directory) throws IOException {
    Path file = directory.resolve(MEMBERS);
    return Files.exists(file) ? Files.readAllLines(file).size() : 0;
  }

  /**
   * Opens the state in a directory that has this identity; creates the cluster where the identity founds one. Returns
   * before this process leads.
   *
   * @param founding makes the first state of a new cluster of this id
   */
  public static ReplicatedState open(EcsIdentity identity, Path directory, Place place,
      Function<String, ClusterState> founding, Listener listener) throws IOException {
    var opened = new ReplicatedState(identity, directory, place, founding, listener);
    try {
      opened.server.start();
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw new IOException("the ECS's log in " + directory + " cannot be opened on port "
          + place.consensus().port() + ": " + root(e), e);
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
    return identity.clusterId();
  }

  /** This peer. */
  public Member self() {
    return self;
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
        submit(new LogCommand.Create(founding.apply(identity.clusterId()))).get(ANSWER_MS,
            TimeUnit.MILLISECONDS);
      }
      correctSelf();
      var leading = new LogCommand.Leading(self.id(), info.getCurrentTerm());
      machine.announces(leading);
      submit(leading).get(ANSWER_MS, TimeUnit.MILLISECONDS);
    } catch (IOException | IllegalStateException | ExecutionException | TimeoutException e) {
      LOG.debug("not ready to lead yet", e);
      announcer.schedule(this::announce, AGAIN_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * A lone peer may have moved since its address was noted, and others are to find it. The library compares ids and
   * priorities alone: only a change of the priority stores the address.
   */
  private void correctSelf() throws IOException, ExecutionException, TimeoutException, InterruptedException {
    List<RaftPeer> peers = peers();
    if (peers.size() == 1 && !(Member.of(peers.get(0)).equals(self) && peers.get(0).getPriority() == 0)) {
      if (peers.get(0).getPriority() == 0) {
        configure(List.of(self.peer(1))).get(ANSWER_MS, TimeUnit.MILLISECONDS);
      }
      // All are equal again: whoever has a higher priority would take the lead back from others.
      configure(List.of(self.peer(0))).get(ANSWER_MS, TimeUnit.MILLISECONDS);
    }
  }

  // ---- who takes part

  private List<RaftPeer> peers() throws IOException {
    return List.copyOf(server.getDivision(group).getRaftConf().getCurrentPeers());
  }

  /** Who takes part, as this peer knows it; empty while it waits to be admitted. Any thread. */
  public List<Member> members() {
    try {
      return peers().stream().map(Member::of).toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Whether this peer began its cluster, and none other was known when it was opened: it leads by itself. */
  public boolean wasAlone() {
    return alone;
  }

  /** Whether this peer has ever been a member. Any thread. */
  public boolean wasMember() {
    return wasMember;
  }

  /** Whether this peer still takes itself for the leader. Any thread. */
  public boolean isLeading() {
    try {
      return server.getDivision(group).getInfo().isLeader();
    } catch (IOException e) {
      return false;
    }
  }

  /** Who leads, as this peer has heard; null: nobody known. Any thread. */
  public @Nullable Member leader() {
    try {
      RaftPeerId id = server.getDivision(group).getInfo().getLeaderId();
      RaftPeer peer = id == null ? null : server.getDivision(group).getRaftConf().getPeer(id);
      return peer == null ? null : Member.of(peer);
    } catch (IOException e) {
      return null;
    }
  }

  /**
   * Makes these the members; only where this peer leads. A new one must be running and wait to be admitted: it has all
   * that is decided when the future completes. A future that fails says nothing: look at {@link #members} again. One
   * change at a time. Any thread.
   */
  public CompletableFuture<Void> setMembers(List<Member> members) {
    try {
      List<RaftPeer> now = peers();
      return configure(members.stream().map(member -> now.stream()
          .filter(peer -> peer.getId().toString().equals(member.id())).findFirst()
          .orElseGet(() -> member.peer(0)))
          .toList());
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Lets another member lead; only where this peer leads. Any thread. */
  public CompletableFuture<Void> handOver(Member to) {
    try {
      var request = new TransferLeadershipRequest(client, server.getId(), group, calls.incrementAndGet(),
          RaftPeerId.valueOf(to.id()), HAND_OVER_MS);
      return server.transferLeadershipAsync(request).thenAccept(ReplicatedState::requireDone);
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static void requireDone(RaftClientReply reply) {
    if (!reply.isSuccess()) {
      throw new IllegalStateException(String.valueOf(reply.getException()), reply.getException());
    }
  }

  private CompletableFuture<Void> configure(List<RaftPeer> peers) throws IOException {
    var request = new SetConfigurationRequest(client, server.getId(), group, calls.incrementAndGet(), peers);
    return server.setConfigurationAsync(request).thenAccept(ReplicatedState::requireDone);
  }

  /** Told by Ratis under its own locks: only enqueues. */
  private void noteMembers(List<Member> members) {
    wasMember |= members.stream().anyMatch(member -> member.id().equals(self.id()));
    announcer.execute(() -> {
      try {
        EcsIdentity.writeDurably(directory, MEMBERS, lines(members.stream().map(Member::line).toList()));
        if (members.stream().anyMatch(member -> member.id().equals(self.id()))) {
          EcsIdentity.writeDurably(directory, CREATED, lines(List.of(identity.clusterId())));
        }
      } catch (IOException e) {
        LOG.warn("cannot note who takes part in {}", directory, e);
      }
    });
  }

  private static byte[] lines(List<String> lines) {
    return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
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
    try {
      server.close();
    } catch (IOException e) {
      LOG.warn("closing the ECS's log", e);
    }
    announcer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    announcer.shutdown();
    try {
      if (!announcer.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("who takes part is still being noted in {}", directory);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
