package dss.core.replication;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Replicas with entries that are not on disk yet: they hear of each fsync. Loop only. */
final class AwaitingSync {
  private final Set<Replica> replicas = new LinkedHashSet<>();

  void add(Replica replica) {
    replicas.add(replica);
  }

  /** One or more batches of the log are on disk. */
  void synced() {
    var waiting = List.copyOf(replicas);
    replicas.clear();
    for (Replica replica : waiting) {
      replica.synced();
      if (replica.storage().durableSeq() < replica.storage().lastSeq()) {
        replicas.add(replica);
      }
    }
  }
}
