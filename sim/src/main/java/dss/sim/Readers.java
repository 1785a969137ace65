package dss.sim;

import java.util.HashMap;
import java.util.Map;

/** Says in a trace that is to be read who could serve reads of a shard, from when to when. */
final class Readers {
  private record At(int server, int shard) {}

  private final Cluster cluster;
  private final Map<At, Boolean> could = new HashMap<>();

  Readers(Cluster cluster) {
    this.cluster = cluster;
  }

  /** After each event of any server: leases run out while others act. */
  void afterEvent(SimServer active) {
    if (!cluster.trace.whole()) {
      return;
    }
    for (SimServer server : cluster.servers) {
      for (int shard = 0; shard < cluster.profile.shards; shard++) {
        boolean can = server.number() != 0 && server.process().running()
            && server.node().status().couldRead(shard);
        Boolean before = could.put(new At(server.index, shard), can);
        if (before == null ? can : before != can) {
          cluster.trace.seen(shard, can ? "could read" : "could not read", server, "shard " + shard
              + (server == active ? "" : ", seen when s" + active.index + " acted"));
        }
      }
    }
  }
}
