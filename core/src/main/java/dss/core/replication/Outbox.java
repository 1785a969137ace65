package dss.core.replication;

import dss.core.cluster.StateCommand;
import dss.core.cluster.StateCommand.InSyncChange;
import dss.core.cluster.StateCommand.PrimaryChange;
import dss.core.replication.PeerMessage.ShardEpoch;
import java.util.ArrayList;
import java.util.List;

/** What the shards of one turn have to say to the ECS and to all peers: gathered, one message for each kind. */
final class Outbox {
  private static final int GATHERING_MS = 50;
  private static final int MOST_GATHERED = 64;

  private final Node node;
  private final List<InSyncChange> inSync = new ArrayList<>();
  private final List<PrimaryChange> handovers = new ArrayList<>();
  private final List<ShardEpoch> serving = new ArrayList<>();
  private long gatheringSince;
  private boolean inSyncWaits;

  Outbox(Node node) {
    this.node = node;
  }

  /** @param waits whether writes wait for the change: what does not goes with others of the next moment, as one version */
  void askInSync(InSyncChange change, boolean waits) {
    if (inSync.isEmpty()) {
      gatheringSince = node.now();
    }
    inSync.add(change);
    inSyncWaits |= waits;
  }

  void askHandover(PrimaryChange change) {
    handovers.add(change);
  }

  void announceServing(int shard, long epoch) {
    serving.add(new ShardEpoch(shard, epoch));
  }

  private boolean inSyncIsDue() {
    return inSyncWaits || inSync.size() >= MOST_GATHERED
        || !inSync.isEmpty() && node.now() - gatheringSince >= GATHERING_MS;
  }

  void send() {
    node.messages().sendServing(serving);
    serving.clear();
    if (inSyncIsDue()) {
      node.host().request(new StateCommand.SetInSync(node.self(), node.boot(), inSync));
      inSync.clear();
      inSyncWaits = false;
    }
    if (!handovers.isEmpty()) {
      node.host().request(new StateCommand.Handover(node.self(), node.boot(), handovers));
      handovers.clear();
    }
  }
}
