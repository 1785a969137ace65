package dss.sim;

import dss.core.command.Command;
import dss.core.replication.Call;
import dss.protocol.Reply;

/** Somebody reads of every shard, time and again, and nobody looks at the answers: leases are kept meanwhile. */
final class SteadyReads {
  private static final int TICKS_APART = 4;

  private final Cluster cluster;
  private boolean on;

  SteadyReads(Cluster cluster) {
    this.cluster = cluster;
    this.on = cluster.profile.steadyReads;
  }

  /** From now on, whatever the profile. */
  void begin() {
    on = true;
  }

  /** @param ticks of the server's process so far */
  void tick(SimServer server, long ticks) {
    if (on && ticks % TICKS_APART == 0 && server.number() != 0) {
      for (int shard = 0; shard < cluster.profile.shards; shard++) {
        server.node().submit(new Unread(Commanding.get(shard * cluster.profile.settings.slotsPerShard())));
      }
    }
  }

  private record Unread(Command command) implements Call {
    @Override
    public Object connection() {
      return this;
    }

    @Override
    public boolean abandoned() {
      return false;
    }

    @Override
    public void answer(Reply reply) {}
  }
}
