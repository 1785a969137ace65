package dss.core.ecs;

import dss.core.cluster.ClusterState;
import dss.core.cluster.Row;
import dss.core.cluster.ServerInfo;
import dss.core.cluster.StateCommand;
import dss.core.cluster.StateCommand.InSyncChange;
import dss.core.cluster.StateCommand.PrimaryChange;
import dss.core.planted.PlantedBug;
import dss.core.planted.PlantedBugs;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Who leads a shard instead of a primary that cannot: one that is down, or one that this ECS hears but that reaches too
 * few others to commit anything, while another member reaches enough. Sources: docs/replication.md, Promote; ADR 12.
 */
final class Promotions {
  /** So much longer than it takes to find out who is silent to whom a primary may not drop those that could lead instead. */
  static final int HELD_BACK_MS = 2_000;

  /** What is asked for no more for so long, though asks are repeated, is over: the next time is another one. */
  private static final int ASKED_AGAIN_MS = 1_000;

  private record Held(long epoch, long since, long askedAt) {}

  private final Sessions sessions;
  private final boolean anyone;
  private final Map<Integer, Held> held = new HashMap<>();

  Promotions(Sessions sessions, PlantedBugs bugs) {
    this.sessions = sessions;
    this.anyone = bugs.has(PlantedBug.PROMOTE_OUTSIDE_IN_SYNC);
  }

  void tick(ClusterState state, long now, List<StateCommand> due) {
    var at = new Moment(state, now);
    BitSet suspects = at.suspects();
    var changes = new ArrayList<PrimaryChange>();
    for (int shard = 0; shard < state.shards(); shard++) {
      Row row = state.row(shard);
      int to = suspects.get(row.primary()) ? at.successor(row) : Row.NONE;
      if (to != Row.NONE) {
        changes.add(new PrimaryChange(shard, row.epoch(), to));
      }
    }
    if (!changes.isEmpty()) {
      due.add(new StateCommand.Promote(changes));
    }
  }

  /**
   * Without those changes that would leave the primary short of min-in-sync where a member that it drops lives and reaches
   * enough others: that one is to lead, which it may only as a member. Held back for a while, and not for ever: perhaps
   * it does hear the primary, which could go on for readers.
   */
  @Nullable
  StateCommand admitted(ClusterState state, StateCommand.SetInSync asked, long now) {
    var at = new Moment(state, now);
    List<InSyncChange> changes = asked.changes().stream().filter(change -> !isHeldBack(at, change)).toList();
    return changes.isEmpty() ? null : new StateCommand.SetInSync(asked.server(), asked.boot(), changes);
  }

  private boolean isHeldBack(Moment at, InSyncChange change) {
    Row row = at.state.row(change.shard());
    boolean leavesTooFew = change.set().size() < at.minInSync && change.set().size() < row.inSync().size();
    if (!leavesTooFew || !at.couldAnotherLead(row, change.set())) {
      return false;
    }
    Held before = held.get(change.shard());
    boolean same = before != null && before.epoch() == row.epoch()
        && at.now - before.askedAt() <= ASKED_AGAIN_MS;
    long since = same && before != null ? before.since() : at.now;
    held.put(change.shard(), new Held(row.epoch(), since, at.now));
    return at.now - since < at.deadMs + HELD_BACK_MS;
  }

  /** What is known now. */
  private final class Moment {
    private final ClusterState state;
    private final long now;
    private final int deadMs;
    private final int minInSync;

    Moment(ClusterState state, long now) {
      this.state = state;
      this.now = now;
      this.deadMs = state.settings().deadMs();
      this.minInSync = state.settings().minInSync();
    }

    /** Servers that are down, or say that somebody is silent: only what these lead may need another one to lead. */
    BitSet suspects() {
      var suspects = new BitSet();
      for (ServerInfo server : state.servers()) {
        int number = server.number();
        suspects.set(number, isDown(number) || sessions.hearsNothingOfSome(number, now, deadMs));
      }
      return suspects;
    }

    private boolean isDown(int server) {
      ServerInfo info = state.server(server);
      return info == null || sessions.isDown(info, now, deadMs);
    }

    private boolean silentTo(int server, int to) {
      return sessions.silentTo(server, to, now, deadMs);
    }

    /** Who is to lead instead; NONE: the primary goes on, or nobody can. */
    int successor(Row row) {
      int primary = row.primary();
      if (isDown(primary)) {
        boolean gone = sessions.of(primary).gone;
        return first(row, to -> gone || silentTo(primary, to));
      }
      if (reachOfPrimary(row, row.inSync()) >= minInSync) {
        return Row.NONE;
      }
      int inSync = first(row, to -> isDeafTo(primary, to) && reach(row.inSync(), to) >= minInSync);
      Set<Integer> all = all(row);
      return inSync != Row.NONE || reachOfPrimary(row, all) >= minInSync
          ? inSync
          : first(row, to -> isDeafTo(primary, to) && reach(all, to) >= minInSync);
    }

    /** Who has a copy, or is to get one. */
    private static Set<Integer> all(Row row) {
      Set<Integer> all = new LinkedHashSet<>(row.inSync());
      all.addAll(row.wanted());
      return all;
    }

    /**
     * Whether the other has heard nothing of it for long. That it refuses connections though it lives proves nothing: where
     * refusals are trusted nobody would wait for its leases.
     */
    private boolean isDeafTo(int primary, int to) {
      boolean refuses = sessions.refused(primary, to);
      return silentTo(primary, to) && !(refuses && state.settings().trustRefused());
    }

    /** On how many of these the primary can count by its own words, itself among them. */
    private int reachOfPrimary(Row row, Iterable<Integer> of) {
      int reach = 0;
      for (int server : of) {
        reach += server == row.primary() || !silentTo(server, row.primary()) ? 1 : 0;
      }
      return reach;
    }

    /** On how many live ones of these it can count, itself among them. */
    private int reach(Iterable<Integer> of, int from) {
      int reach = 0;
      for (int server : of) {
        reach += server == from || !isDown(server) && !silentTo(server, from) ? 1 : 0;
      }
      return reach;
    }

    /** Whether one that is dropped lives, and has enough others without the primary. */
    boolean couldAnotherLead(Row row, List<Integer> left) {
      Set<Integer> others = all(row);
      others.remove(row.primary());
      return row.inSync().stream().anyMatch(
          to -> !left.contains(to) && !isDown(to) && reach(others, to) >= minInSync);
    }

    /** A live member of inSync that will do; the preferred one first. */
    private int first(Row row, IntPredicate willDo) {
      var candidates = new ArrayList<>(row.wanted());
      candidates.addAll(row.inSync());
      for (int to : candidates) {
        boolean may = row.inSync(to) || anyone;
        if (to != row.primary() && may && !isDown(to) && willDo.test(to)) {
          return to;
        }
      }
      return Row.NONE;
    }
  }
}
