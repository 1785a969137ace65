package dss.core.ecs;

import dss.core.cluster.ClusterState;
import dss.core.cluster.Row;
import dss.core.cluster.ServerInfo;
import java.util.BitSet;

/** Which servers have shards, and which of them something moves on: one look at all rows, however many servers. */
final class Statuses {
  private final BitSet named = new BitSet();
  private final BitSet moving;

  /**
   * @param pending numbers of servers that a plan has something for
   */
  Statuses(ClusterState state, BitSet pending) {
    this.moving = pending;
    for (int shard = 0; shard < state.shards(); shard++) {
      Row row = state.row(shard);
      row.inSync().forEach(named::set);
      row.wanted().forEach(named::set);
      if (!row.isAsWanted()) {
        addMoving(row);
      }
    }
  }

  private void addMoving(Row row) {
    for (int server : row.inSync()) {
      if (!row.wants(server)) {
        moving.set(server);
      }
    }
    for (int server : row.wanted()) {
      if (!row.inSync(server)) {
        moving.set(server);
      }
    }
    if (!row.wanted().isEmpty() && row.primary() != row.wanted().get(0)) {
      moving.set(row.primary());
      moving.set(row.wanted().get(0));
    }
  }

  /** Of a server that is not down. */
  ServerStatus of(ServerInfo server, boolean locked) {
    if (moving.get(server.number()) || (locked && server.member())) {
      return ServerStatus.IN_TRANSFER;
    }
    return server.member() || named.get(server.number()) ? ServerStatus.ACTIVATED : ServerStatus.STOPPED;
  }
}
