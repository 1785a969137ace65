package dss.consensus;

import dss.core.binary.BinaryReader.MalformedException;
import dss.core.cluster.Changes;
import dss.core.cluster.ClusterState;
import dss.core.cluster.StateCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.MD5FileUtil;
import org.apache.ratis.util.ProtoUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster state as a replicated state machine: every command is decided where it is applied, so that its reply is
 * the decision. Snapshots are the state's bytes. Called on Ratis' threads; {@link #state()} on any.
 */
final class ClusterStateMachine extends BaseStateMachine {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterStateMachine.class);

  private final ReplicatedState.Listener listener;
  private final Runnable leaderReady;
  private final Consumer<List<Member>> noted;
  private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();
  private volatile @Nullable ClusterState state;
  private volatile LogCommand.@Nullable Leading announced;

  ClusterStateMachine(ReplicatedState.Listener listener, Runnable leaderReady,
      Consumer<List<Member>> noted) {
    this.listener = listener;
    this.noted = noted;
    this.leaderReady = leaderReady;
  }

  /** The state applied; null before the cluster was created. */
  @Nullable
  ClusterState state() {
    return state;
  }

  /**
   * This process says that it leads, once its first entry as the leader is applied here. Such announcements of earlier
   * processes stand in the log as well, and are read again at every start: they say nothing.
   */
  void announces(LogCommand.Leading leading) {
    announced = leading;
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId groupId, RaftStorage raftStorage) throws IOException {
    super.initialize(server, groupId, raftStorage);
    storage.init(raftStorage);
    getLifeCycle().startAndTransition(this::load);
  }

  @Override
  public void pause() {
    getLifeCycle().transition(org.apache.ratis.util.LifeCycle.State.PAUSING);
    getLifeCycle().transition(org.apache.ratis.util.LifeCycle.State.PAUSED);
  }

  @Override
  public void reinitialize() throws IOException {
    load();
    if (getLifeCycleState() == org.apache.ratis.util.LifeCycle.State.PAUSED) {
      getLifeCycle().transition(org.apache.ratis.util.LifeCycle.State.STARTING);
      getLifeCycle().transition(org.apache.ratis.util.LifeCycle.State.RUNNING);
    }
  }

  @Override
  public StateMachineStorage getStateMachineStorage() {
    return storage;
  }

  private void load() throws IOException {
    SingleFileSnapshotInfo snapshot = storage.loadLatestSnapshot();
    if (snapshot == null) {
      return;
    }
    Path file = snapshot.getFile().getPath();
    MD5Hash digest = snapshot.getFile().getFileDigest();
    if (digest != null) {
      MD5FileUtil.verifySavedMD5(file.toFile(), digest);
    }
    ClusterState loaded;
    try {
      loaded = StateCodec.decode(Files.readAllBytes(file));
    } catch (MalformedException e) {
      throw new IOException("snapshot " + file + " is malformed: " + e.getMessage(), e);
    }
    state = loaded;
    setLastAppliedTermIndex(snapshot.getTermIndex());
    listener.loaded(loaded);
  }

  @Override
  public long takeSnapshot() throws IOException {
    TermIndex last = getLastAppliedTermIndex();
    ClusterState now = state;
    if (now == null) {
      return -1;
    }
    Path file = storage.getSnapshotFile(last.getTerm(), last.getIndex()).toPath();
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
        StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.wrap(StateCodec.encode(now));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    MD5Hash digest = MD5FileUtil.computeAndSaveMd5ForFile(file.toFile());
    storage.updateLatestSnapshot(new SingleFileSnapshotInfo(new FileInfo(file, digest), last));
    return last.getIndex();
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
    LogEntryProto entry = transaction.getLogEntry();
    byte[] reply = apply(LogCommand.decode(entry.getStateMachineLogEntry().getLogData().toByteArray()));
    updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
    return CompletableFuture.completedFuture(Message.valueOf(ByteString.copyFrom(reply)));
  }

  private byte[] apply(LogCommand command) {
    ClusterState now = state;
    Changes.Outcome outcome = new Changes.Outcome.Done();
    switch (command) {
      case LogCommand.Create c -> {
        if (now == null) {
          state = c.state();
          listener.loaded(c.state());
        }
      }
      case LogCommand.Change c -> {
        if (now != null) {
          Changes.Decision decision = Changes.decide(now, c.command());
          outcome = decision.outcome();
          if (!decision.events().isEmpty()) {
            ClusterState next = now.evolve(decision.events());
            state = next;
            listener.changed(next, decision.events(), c.command());
          }
        }
      }
      case LogCommand.Leading c -> {
        if (c.equals(announced)) {
          listener.leading(c.term());
        }
      }
    }
    return LogCommand.encode(outcome);
  }

  @Override
  public void notifyLeaderReady() {
    leaderReady.run();
  }

  @Override
  public void notifyNotLeader(Collection<TransactionContext> pending) {
    announced = null;
    listener.following();
  }

  @Override
  public void notifyConfigurationChanged(long term, long index, RaftConfigurationProto configuration) {
    noted.accept(configuration.getPeersList().stream().map(ProtoUtils::toRaftPeer).map(Member::of).toList());
  }

  @Override
  public void notifyServerShutdown(org.apache.ratis.proto.RaftProtos.RoleInfoProto role, boolean allServer) {
    LOG.debug("consensus closes");
    listener.closed();
  }

  static Message message(LogCommand command) {
    return Message.valueOf(ByteString.copyFrom(LogCommand.encode(command)));
  }

}
