package dss.core.replication;

import dss.core.cluster.StateCommand;
import dss.core.cluster.StateCommand.InSyncChange;
import dss.core.cluster.StateCommand.PrimaryChange;
import dss.core.replication.PeerMessage.ShardEpoch;
import java.util.ArrayList;
import java.util.List;

/** What the shards of one turn have to say to the ECS and to all peers: gathered, one message for each kind. */
final class Outbox {
  private final Node node;
  private final List<InSyncChange> inSync = new ArrayList<>();
  private final List<PrimaryChange> handovers = new ArrayList<>();
  private final List<ShardEpoch> serving = new ArrayList<>();

  Outbox(Node node) {
    this.node = node;
  }

  void askInSync(InSyncChange change) {
    inSync.add(change);
  }

  void askHandover(PrimaryChange change) {
    handovers.add(change);
  }

  void announceServing(int shard, long epoch) {
    serving.add(new ShardEpoch(shard, epoch));
  }

  void send() {
    node.messages().sendServing(serving);
    serving.clear();
    if (!inSync.isEmpty()) {
      node.host().request(new StateCommand.SetInSync(node.self(), node.boot(), inSync));
      inSync.clear();
    }
    if (!handovers.isEmpty()) {
      node.host().request(new StateCommand.Handover(node.self(), node.boot(), handovers));
      handovers.clear();
    }
  }
}
