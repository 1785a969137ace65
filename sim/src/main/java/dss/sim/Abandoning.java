package dss.sim;

import dss.core.cluster.ServerInfo;
import dss.core.ecs.Controller;
import dss.core.ecs.HeldCopy;
import dss.core.ecs.Removals;
import dss.core.storage.Mark;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A person who lets shards that are lost go on with what live servers hold of them. */
final class Abandoning {
  /** Somebody looks at it now and then. */
  private static final double LOOKS = 0.03;
  private final Cluster cluster;

  Abandoning(Cluster cluster) {
    this.cluster = cluster;
  }

  /** At each tick of the ECS that leads; nothing is drawn where nothing is lost. */
  void tick(Controller controller, long nowMs) {
    Removals removals = controller.removals();
    List<Integer> lost = removals.lost();
    if (lost.isEmpty() || !cluster.scheduler.chance(LOOKS)) {
      return;
    }
    Map<Integer, List<HeldCopy>> held = new HashMap<>();
    for (ServerInfo member : removals.liveWithout(0, nowMs)) {
      SimServer server = cluster.byNumber(member.number());
      if (server == null || server.number() == 0 || !server.process().running()) {
        return;
      }
      held.put(member.number(), held(server));
    }
    int life = cluster.ecs.life();
    cluster.scheduler.after(cluster.scheduler.between(500, 30_000), () -> {
      if (life == cluster.ecs.life()) {
        cluster.ecs.commit(removals.abandon(lost, 0, held, nowMs), null);
      }
    });
  }

  private List<HeldCopy> held(SimServer server) {
    var held = new ArrayList<HeldCopy>();
    for (int shard = 0; shard < cluster.profile.shards; shard++) {
      SimShard copy = server.storage().simShard(shard);
      if (copy.mark() == Mark.COMPLETE) {
        held.add(new HeldCopy(shard, copy.lastEpoch(), copy.lastSeq()));
      }
    }
    return held;
  }
}
