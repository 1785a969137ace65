package dss.server;

import dss.core.binary.BinaryReader.MalformedException;
import dss.core.cluster.ClusterState;
import dss.core.cluster.StateCodec;
import dss.core.ecs.HeldCopy;
import dss.core.replication.Node;
import dss.core.storage.Mark;
import dss.core.storage.ShardStorage;
import dss.peer.PeerConnection;
import dss.peer.SessionCodec;
import dss.peer.SessionMessage;
import dss.storage.DiskStorage;
import java.nio.file.Path;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an ECS says to a server that has no session with it: where to register; or it asks what is known here. Loop only. */
final class Prompts implements PeerConnection.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(Prompts.class);

  private final Path data;
  private final DiskStorage storage;
  private final Node node;
  private final EcsLink ecs;

  Prompts(Path data, DiskStorage storage, Node node, EcsLink ecs) {
    this.data = data;
    this.storage = storage;
    this.node = node;
    this.ecs = ecs;
  }

  @Override
  public void message(PeerConnection from, byte[] array, int at, int to) {
    try {
      handle(from, SessionCodec.read(array, at, to));
    } catch (MalformedException e) {
      LOG.warn("a prompt is malformed: {}", e.getMessage());
      from.close();
    }
  }

  private void handle(PeerConnection from, SessionMessage message) {
    switch (message) {
      case SessionMessage.RegisterAt where -> {
        LOG.info("prompted to register at {}", where.ecs());
        ecs.mayBeAt(where.ecs());
        from.close();
      }
      case SessionMessage.StateWanted wanted -> {
        LOG.info("an ECS that is begun anew asks what is known here");
        from.send(SessionCodec.write(known()));
        from.flush();
      }
      default -> from.close();
    }
  }

  @Override
  public void closed(PeerConnection from) {}

  private @Nullable ClusterState saved() {
    return DiskStorage.savedClusterState(data).map(StateCodec::decode).orElse(null);
  }

  /** Of the cluster state that was written down last; 0: none, or of a cluster that this directory belongs to no more. */
  long savedVersion() {
    ClusterState saved = saved();
    return saved != null && saved.clusterId().equals(storage.identity().clusterId()) ? saved.version() : 0;
  }

  private SessionMessage.Known known() {
    ClusterState inEffect = node.stateInEffect();
    ClusterState state = inEffect == null ? saved() : inEffect;
    var copies = new ArrayList<HeldCopy>();
    for (int shard = 0; shard < storage.identity().shards(); shard++) {
      ShardStorage copy = storage.shard(shard);
      if (copy.mark() == Mark.COMPLETE) {
        copies.add(new HeldCopy(shard, copy.lastEpoch(), copy.lastSeq()));
      }
    }
    return new SessionMessage.Known(state, inEffect == null, copies);
  }
}
