package dss.core.ecs;

import dss.core.cluster.ClusterState;
import dss.core.cluster.Row;
import dss.core.cluster.ServerInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is on its way, or planned, for one server.
 *
 * @param what why
 * @param copies that it is still to get, or to give away
 * @param of so many that it has in the end; of one that is removed the same as {@code copies}
 */
public record Moving(int server, What what, int copies, int of) {
  /** Why copies come or go. */
  public enum What {
    /** A server gets its share. */
    FILL,
    /** Copies that are missing are made there. */
    REPAIR,
    /** A server was removed: its copies go elsewhere. */
    EMPTY
  }

  private static final class Count {
    private int fill;
    private int repair;
    private int wanted;
  }

  /**
   * @param then where copies are planned, for each shard
   * @param copies wanted of each
   */
  static List<Moving> of(ClusterState state, List<List<Integer>> then, int copies) {
    Map<Integer, Count> counts = new TreeMap<>();
    Map<Integer, Integer> leave = new TreeMap<>();
    for (int shard = 0; shard < then.size(); shard++) {
      Row row = state.row(shard);
      for (int server : then.get(shard)) {
        Count count = counts.computeIfAbsent(server, s -> new Count());
        count.wanted++;
        count.fill += !row.inSync(server) && row.inSync().size() >= copies ? 1 : 0;
        count.repair += !row.inSync(server) && row.inSync().size() < copies ? 1 : 0;
      }
      for (int server : row.inSync()) {
        ServerInfo info = state.server(server);
        if (info != null && !info.member()) {
          leave.merge(server, 1, Integer::sum);
        }
      }
    }
    return listed(counts, leave);
  }

  private static List<Moving> listed(Map<Integer, Count> counts, Map<Integer, Integer> leave) {
    var list = new ArrayList<Moving>();
    leave.forEach((server, copies) -> list.add(new Moving(server, What.EMPTY, copies, copies)));
    counts.forEach((server, count) -> {
      if (count.fill > 0) {
        list.add(new Moving(server, What.FILL, count.fill, count.wanted));
      }
      if (count.repair > 0) {
        list.add(new Moving(server, What.REPAIR, count.repair, count.wanted));
      }
    });
    return list;
  }
}
