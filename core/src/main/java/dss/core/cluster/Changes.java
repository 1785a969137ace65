package dss.core.cluster;

import dss.core.cluster.StateEvent.RowChange;
import dss.core.planted.PlantedBug;
import dss.core.planted.PlantedBugs;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides what a command changes in a cluster state; no events: nothing, and no new version. Pure.
 * Source: docs/replication.md, Registration and Changes of the configuration.
 */
public final class Changes {
  private Changes() {}

  /** The answer to a command, beside its events. */
  public sealed interface Outcome {
    /** Judged; whatever of it passed is in the events. */
    record Done() implements Outcome {}

    /** This start is (now, or already) the registered one. */
    record Registered(int number) implements Outcome {}

    /** This start has an old or empty disk; the newest boot known is told. */
    record Refused(long knownBoot) implements Outcome {}
  }

  public record Decision(List<StateEvent> events, Outcome outcome) {
    public Decision {
      events = List.copyOf(events);
    }

    static Decision of(StateEvent... events) {
      return new Decision(List.of(events), new Outcome.Done());
    }
  }

  /** Decides; in a product no bug is planted. */
  public static Decision decide(ClusterState state, StateCommand command) {
    return decide(state, command, PlantedBugs.NONE);
  }

  public static Decision decide(ClusterState state, StateCommand command, PlantedBugs bugs) {
    return switch (command) {
      case StateCommand.Register c -> Registrations.decide(state, c, bugs);
      case StateCommand.SetMember c -> setMember(state, c);
      case StateCommand.Forget c -> forget(state, c);
      case StateCommand.SetStopping c -> setStopping(state, c);
      case StateCommand.SetSettings c -> setSettings(state, c);
      case StateCommand.Pause c -> c.paused() == state.settings().paused()
          ? Decision.of()
          : Decision.of(new StateEvent.SettingsChanged(state.settings().withPaused(c.paused())));
      case StateCommand.MoveEcs c -> c.ecs().equals(state.ecs())
          ? Decision.of()
          : Decision.of(new StateEvent.EcsMoved(c.ecs()));
      case StateCommand.Found c -> found(state, c);
      case StateCommand.SetInSync c -> setInSync(state, c, bugs);
      case StateCommand.Handover c -> handover(state, c);
      case StateCommand.Promote c -> promote(state, c, bugs);
      case StateCommand.Want c -> want(state, c, bugs);
      case StateCommand.Abandon c -> abandon(state, c);
    };
  }

  /** Min-in-sync rises only where every shard has so many: the rows may have changed since it was asked for. */
  private static Decision setSettings(ClusterState state, StateCommand.SetSettings c) {
    Settings settings = c.settings().withPaused(state.settings().paused());
    if (settings.equals(state.settings()) || settings.shards() != state.settings().shards()) {
      return Decision.of();
    }
    boolean rises = settings.minInSync() > state.settings().minInSync();
    return rises && state.fewestInSync() < settings.minInSync()
        ? Decision.of()
        : Decision.of(new StateEvent.SettingsChanged(settings));
  }

  private static Decision setMember(ClusterState state, StateCommand.SetMember c) {
    ServerInfo server = state.server(c.server());
    return server == null || server.member() == c.member()
        ? Decision.of()
        : Decision.of(new StateEvent.ServerChanged(server.withMember(c.member())));
  }

  private static Decision forget(ClusterState state, StateCommand.Forget c) {
    ServerInfo server = state.server(c.server());
    if (server == null || server.member()) {
      return Decision.of();
    }
    for (int shard = 0; shard < state.shards(); shard++) {
      if (state.row(shard).names(c.server())) {
        return Decision.of();
      }
    }
    return Decision.of(new StateEvent.ServerForgotten(c.server()));
  }

  private static Decision setStopping(ClusterState state, StateCommand.SetStopping c) {
    ServerInfo server = state.server(c.server());
    return server == null || server.boot() != c.boot() || server.stopping() == c.stopping()
        ? Decision.of()
        : Decision.of(new StateEvent.ServerChanged(server.withStopping(c.stopping())));
  }

  private static Decision found(ClusterState state, StateCommand.Found c) {
    var changes = new ArrayList<RowChange>();
    for (int shard : c.shards()) {
      Row row = state.row(shard);
      if (row.epoch() == 0 && state.server(c.server()) != null) {
        var only = List.of(c.server());
        changes.add(new RowChange(shard, new Row(1, c.server(), only, only, false, true)));
      }
    }
    return rows(changes);
  }

  private static Decision setInSync(ClusterState state, StateCommand.SetInSync c, PlantedBugs bugs) {
    var changes = new ArrayList<RowChange>();
    if (isBoot(state, c.server(), c.boot())) {
      for (StateCommand.InSyncChange change : c.changes()) {
        Row row = state.row(change.shard());
        boolean compared = row.epoch() == change.epoch() || bugs.has(PlantedBug.SET_IN_SYNC_WITHOUT_COMPARE);
        boolean booted = bugs.has(PlantedBug.SET_IN_SYNC_WITHOUT_BOOTS) || bootsHold(state, row, change);
        if (compared && row.primary() == c.server() && change.set().contains(c.server()) && booted) {
          changes.add(new RowChange(change.shard(), row.with(row.primary(), change.set())));
        }
      }
    }
    return rows(changes);
  }

  /** Each server new in the set is registered with the boot that the primary has heard. */
  private static boolean bootsHold(ClusterState state, Row row, StateCommand.InSyncChange change) {
    for (int i = 0; i < change.set().size(); i++) {
      int server = change.set().get(i);
      if (!row.inSync(server) && !isBoot(state, server, change.boots().get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isBoot(ClusterState state, int number, long boot) {
    ServerInfo server = state.server(number);
    return server != null && server.boot() == boot;
  }

  private static Decision handover(ClusterState state, StateCommand.Handover c) {
    var changes = new ArrayList<RowChange>();
    if (isBoot(state, c.server(), c.boot())) {
      for (StateCommand.PrimaryChange change : c.changes()) {
        if (state.row(change.shard()).primary() == c.server()) {
          addIfMay(state, change, changes);
        }
      }
    }
    return rows(changes);
  }

  private static Decision promote(ClusterState state, StateCommand.Promote c, PlantedBugs bugs) {
    var changes = new ArrayList<RowChange>();
    for (StateCommand.PrimaryChange change : c.changes()) {
      Row row = state.row(change.shard());
      if (bugs.has(PlantedBug.PROMOTE_OUTSIDE_IN_SYNC) && row.epoch() == change.epoch()
          && !row.inSync(change.to())) {
        var set = new ArrayList<>(row.inSync());
        set.add(change.to());
        changes.add(new RowChange(change.shard(), row.with(change.to(), set)));
      } else if (bugs.has(PlantedBug.PROMOTE_THROWS_OUT_OLD_PRIMARY) && row.epoch() == change.epoch()
          && row.inSync(change.to())) {
        var set = new ArrayList<>(row.inSync());
        set.remove((Integer) row.primary());
        changes.add(new RowChange(change.shard(), row.with(change.to(), set)));
      } else {
        addIfMay(state, change, changes);
      }
    }
    return rows(changes);
  }

  private static void addIfMay(ClusterState state, StateCommand.PrimaryChange change,
      List<RowChange> changes) {
    Row row = state.row(change.shard());
    if (row.epoch() == change.epoch() && row.primary() != change.to() && row.inSync(change.to())) {
      changes.add(new RowChange(change.shard(), row.with(change.to(), row.inSync())));
    }
  }

  private static Decision want(ClusterState state, StateCommand.Want c, PlantedBugs bugs) {
    var changes = new ArrayList<RowChange>();
    for (StateCommand.WantChange change : c.changes()) {
      Row row = state.row(change.shard());
      if (row.epoch() == change.epoch() && row.epoch() > 0 && !row.wanted().equals(change.wanted())) {
        changes.add(new RowChange(change.shard(), bugs.has(PlantedBug.WANT_KEEPS_EPOCH)
            ? new Row(row.epoch(), row.primary(), row.inSync(), change.wanted(), row.lost(), row.fresh(),
                row.since())
            : row.withWanted(change.wanted())));
      }
    }
    return rows(changes);
  }

  /** As founded: whoever begins again makes an empty copy complete; where it has one that is, it leads with that. */
  private static Decision abandon(ClusterState state, StateCommand.Abandon c) {
    var changes = new ArrayList<RowChange>();
    for (StateCommand.PrimaryChange change : c.changes()) {
      Row row = state.row(change.shard());
      boolean may = row.epoch() == change.epoch() && row.epoch() > 0 && !row.inSync(change.to());
      if (may && state.server(change.to()) != null) {
        changes.add(new RowChange(change.shard(),
            new Row(row.epoch() + 1, change.to(), List.of(change.to()), row.wanted(), false, true,
                row.epoch() + 1)));
      }
    }
    return rows(changes);
  }

  static Decision rows(List<RowChange> changes) {
    return changes.isEmpty() ? Decision.of() : Decision.of(new StateEvent.RowsChanged(changes));
  }
}
