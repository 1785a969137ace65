package dss.core.ecs;

import dss.core.cluster.ClusterState;
import dss.core.cluster.Row;
import dss.core.cluster.ServerInfo;
import dss.core.cluster.StateCommand;
import dss.core.cluster.StateCommand.PrimaryChange;
import dss.core.planted.PlantedBug;
import dss.core.planted.PlantedBugs;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Who leads a shard instead of a primary that cannot: one that is down, or one that this ECS hears but that reaches too
 * few others to commit anything, while another member reaches enough. Sources: docs/replication.md, Promote; ADR 12.
 */
final class Promotions {
  private final Sessions sessions;
  private final boolean anyone;

  Promotions(Sessions sessions, PlantedBugs bugs) {
    this.sessions = sessions;
    this.anyone = bugs.has(PlantedBug.PROMOTE_OUTSIDE_IN_SYNC);
  }

  void tick(ClusterState state, long now, List<StateCommand> due) {
    var at = new Moment(state, now);
    var changes = new ArrayList<PrimaryChange>();
    for (int shard = 0; shard < state.shards(); shard++) {
      Row row = state.row(shard);
      ServerInfo primary = state.server(row.primary());
      if (primary == null || !at.isDown(primary.number()) && !at.cannotCommit(row)) {
        continue;
      }
      int to = at.successor(row, primary);
      if (to != Row.NONE) {
        changes.add(new PrimaryChange(shard, row.epoch(), to));
      }
    }
    if (!changes.isEmpty()) {
      due.add(new StateCommand.Promote(changes));
    }
  }

  /** What is known now. */
  private final class Moment {
    private final ClusterState state;
    private final long now;
    private final int deadMs;

    Moment(ClusterState state, long now) {
      this.state = state;
      this.now = now;
      this.deadMs = state.settings().deadMs();
    }

    boolean isDown(int server) {
      ServerInfo info = state.server(server);
      return info == null || sessions.isDown(info, now, deadMs);
    }

    private boolean silentTo(int server, int to) {
      return sessions.silentTo(server, to, now, deadMs);
    }

    /** Whether a primary that lives says of so many of its copies that they are silent. */
    boolean cannotCommit(Row row) {
      return sessions.hearsNothingOfSome(row.primary(), now, deadMs)
          && reach(row, row.primary()) < state.settings().minInSync();
    }

    /** On how many live servers that have a copy, or are to have one, this one can count, itself among them. */
    private int reach(Row row, int of) {
      Set<Integer> all = new LinkedHashSet<>(row.inSync());
      all.addAll(row.wanted());
      int reach = 0;
      for (int server : all) {
        reach += server == of || !isDown(server) && !silentTo(server, of) ? 1 : 0;
      }
      return reach;
    }

    /** A live member of inSync to which the primary is silent too; the preferred one first. */
    int successor(Row row, ServerInfo primary) {
      boolean lives = !isDown(primary.number());
      var candidates = new ArrayList<>(row.wanted());
      candidates.addAll(row.inSync());
      for (int to : candidates) {
        boolean may = row.inSync(to) || anyone;
        if (to == primary.number() || !may || isDown(to)) {
          continue;
        }
        boolean gone = sessions.of(primary.number()).gone;
        boolean silent = gone || silentTo(primary.number(), to);
        if (silent && (!lives || reach(row, to) >= state.settings().minInSync())) {
          return to;
        }
      }
      return Row.NONE;
    }
  }
}
