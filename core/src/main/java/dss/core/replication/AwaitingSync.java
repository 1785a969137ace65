package dss.core.replication;

import java.util.ArrayList;

/** Replicas with entries that are not on disk yet, each once: they hear of each fsync. Loop only. */
final class AwaitingSync {
  private ArrayList<Replica> replicas = new ArrayList<>();
  /** Empty but while {@link #synced} runs: taken in turn, so that nothing is allocated. */
  private ArrayList<Replica> before = new ArrayList<>();

  void add(Replica replica) {
    if (!replica.awaitsSync) {
      replica.awaitsSync = true;
      replicas.add(replica);
    }
  }

  /** One or more batches of the log are on disk. */
  void synced() {
    ArrayList<Replica> waiting = replicas;
    replicas = before;
    before = waiting;
    for (int i = 0; i < waiting.size(); i++) {
      Replica replica = waiting.get(i);
      replica.awaitsSync = false;
      replica.synced();
      if (replica.storage().durableSeq() < replica.storage().lastSeq()) {
        add(replica);
      }
    }
    waiting.clear();
  }
}
