package dss.core.ecs;

import dss.core.cluster.ClusterState;
import dss.core.cluster.Row;
import dss.core.cluster.ServerInfo;
import dss.core.cluster.StateCommand;
import dss.core.cluster.StateCommand.PrimaryChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the removal of a server would cost, and whether it may be. */
public final class Removals {
  private final ClusterState state;
  private final Sessions sessions;

  Removals(ClusterState state, Sessions sessions) {
    this.state = state;
    this.sessions = sessions;
  }

  private boolean isDown(ServerInfo server, long now) {
    return sessions.isDown(server, now, state.settings().deadMs());
  }

  /** Live members but for this one. */
  public List<ServerInfo> liveWithout(int server, long now) {
    return state.members().stream().filter(m -> m.number() != server && !isDown(m, now)).toList();
  }

  /** Why this server may not be removed, as a sentence; empty where it may. What it alone holds is {@link #onlyOn}. */
  public String refusal(ServerInfo server, long now) {
    if (!server.member()) {
      return server.resp() + " is not a member";
    }
    int live = liveWithout(server.number(), now).size();
    if (live == 0) {
      return server.resp() + " is the last live member: add another server first";
    }
    if (live < state.settings().minInSync()) {
      return "only " + live + (live == 1 ? " live member" : " live members") + " would remain, and "
          + state.settings().minInSync()
          + " copies must stay in sync: add a server first";
    }
    return "";
  }

  /** What a removal that is not refused costs, to be put behind its answer; empty where nothing. */
  public String warning(ServerInfo server, long now) {
    int live = liveWithout(server.number(), now).size();
    return live < state.settings().replicas()
        ? "; only " + live + " of " + state.settings().replicas()
            + " copies will be kept until a server is added"
        : "";
  }

  /** Shards whose acknowledged writes only this server has, which is down: they would be lost with it. */
  public List<Integer> onlyOn(ServerInfo server, long now) {
    var shards = new ArrayList<Integer>();
    for (int shard = 0; shard < state.shards() && isDown(server, now); shard++) {
      if (state.row(shard).inSync().equals(List.of(server.number()))) {
        shards.add(shard);
      }
    }
    return shards;
  }

  /** Shards of which nobody is known to have the acknowledged writes any more. */
  public List<Integer> lost() {
    var shards = new ArrayList<Integer>();
    for (int shard = 0; shard < state.shards(); shard++) {
      if (state.row(shard).lost()) {
        shards.add(shard);
      }
    }
    return shards;
  }

  /** Whether nobody lives who is known to have its acknowledged writes. */
  public boolean isStuck(Row row, long now) {
    return row.inSync().stream().map(state::server).allMatch(server -> server == null || isDown(server, now));
  }

  /**
   * Lets these shards go on, each with the newest copy that a live member has of it, and be it none.
   *
   * @param but the number of a server that is not to have them; 0: none
   * @param held by numbers of servers, what each has
   */
  public StateCommand.Abandon abandon(List<Integer> shards, int but, Map<Integer, List<HeldCopy>> held,
      long now) {
    List<Integer> live = liveWithout(but, now).stream().map(ServerInfo::number).toList();
    Map<Integer, Integer> newest = newest(live, held);
    var changes = new ArrayList<PrimaryChange>();
    for (int shard : shards) {
      Row row = state.row(shard);
      int any = live.isEmpty() ? Row.NONE : live.get(shard % live.size());
      int wanted = row.wanted().stream().filter(live::contains).findFirst().orElse(any);
      int to = newest.getOrDefault(shard, wanted);
      if (to != Row.NONE) {
        changes.add(new PrimaryChange(shard, row.epoch(), to));
      }
    }
    return new StateCommand.Abandon(changes);
  }

  /** Who has the newest copy of each shard. */
  private static Map<Integer, Integer> newest(List<Integer> live, Map<Integer, List<HeldCopy>> held) {
    Map<Integer, Integer> newest = new HashMap<>();
    Map<Integer, HeldCopy> copies = new HashMap<>();
    for (int server : live) {
      for (HeldCopy copy : held.getOrDefault(server, List.of())) {
        HeldCopy best = copies.get(copy.shard());
        if (best == null || copy.isNewerThan(best)) {
          copies.put(copy.shard(), copy);
          newest.put(copy.shard(), server);
        }
      }
    }
    return newest;
  }
}
