package dss.core.replication;

import dss.core.cluster.ClusterState;
import dss.core.cluster.ServerInfo;
import dss.core.planted.PlantedBug;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The barriers that have not passed yet: one for each version that made this server primary of something. */
final class Barriers {
  private final Node node;
  private final List<Barrier> open = new ArrayList<>();
  private @Nullable Barrier ofVersion;
  private @Nullable ClusterState before;

  Barriers(Node node) {
    this.node = node;
  }

  /** Another version is in effect. */
  void versionFollows(@Nullable ClusterState stateBefore) {
    before = stateBefore;
    ofVersion = null;
  }

  /** The barrier of all shards that the version being applied makes this server primary of. */
  Barrier ofThisVersion() {
    Barrier barrier = ofVersion;
    if (barrier == null) {
      barrier = begin();
      ofVersion = barrier;
      long now = node.now();
      open.removeIf(old -> old.passed(now, node.links()));
      open.add(barrier);
    }
    return barrier;
  }

  private Barrier begin() {
    var barrier = new Barrier(node.version());
    for (ServerInfo server : node.clusterState().servers()) {
      node.link(server.number());
    }
    for (PeerLink link : node.links().all()) {
      if (link.server != node.self() && !isLeftOut(link.server)) {
        barrier.waitFor(link.server, Math.max(link.grantUntil, link.graceOfRestart));
      }
    }
    return barrier;
  }

  /** Planted: only servers that led before this version are waited for. */
  private boolean isLeftOut(int server) {
    ClusterState state = before;
    if (!node.bug(PlantedBug.BARRIER_ONLY_LAST_PRIMARY) || state == null) {
      return false;
    }
    for (int shard = 0; shard < state.shards(); shard++) {
      if (state.row(shard).primary() == server) {
        return false;
      }
    }
    return true;
  }

  /** The server's process is gone: nothing it was granted counts any more. */
  void lift(int server) {
    open.forEach(barrier -> barrier.lift(server));
  }
}
