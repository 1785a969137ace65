package dss.sim;

import java.util.HashMap;
import java.util.Map;

/** Says in a trace that is to be read who could serve reads of a shard, from when to when, and which state who knows. */
final class Readers {
  private record At(int server, int shard) {}

  private final Cluster cluster;
  private final Map<At, Boolean> could = new HashMap<>();
  private final Map<SimServer, Long> knows = new HashMap<>();

  Readers(Cluster cluster) {
    this.cluster = cluster;
  }

  /** After each event of any server: leases run out while others act. */
  void afterEvent(SimServer active) {
    if (!cluster.trace.whole()) {
      return;
    }
    long version = active.number() == 0 ? 0 : active.node().version();
    if (!Long.valueOf(version).equals(knows.put(active, version))) {
      cluster.trace.seen(TraceLine.Rank.COPY, Trace.NONE, "knows", active, "v" + version);
    }
    for (SimServer server : cluster.servers) {
      for (int shard = 0; shard < cluster.profile.shards; shard++) {
        boolean can = server.number() != 0 && server.process().running()
            && server.node().status().couldRead(shard);
        Boolean before = could.put(new At(server.index, shard), can);
        if (before == null ? can : before != can) {
          cluster.trace.seen(TraceLine.Rank.SERVICE, shard, can ? "could read" : "could not read", server,
              "shard " + shard
                  + (server == active ? "" : ", seen when s" + active.index + " acted"));
        }
      }
    }
  }
}
