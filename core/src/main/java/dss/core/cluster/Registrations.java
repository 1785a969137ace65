package dss.core.cluster;

import dss.core.cluster.Changes.Decision;
import dss.core.cluster.Changes.Outcome;
import dss.core.cluster.StateEvent.RowChange;
import dss.core.planted.PlantedBug;
import dss.core.planted.PlantedBugs;
import java.util.ArrayList;
import java.util.List;

/**
 * Judges Register: which life of which disk may speak. A repeat is known by its nonce, never by its boot.
 * Source: docs/replication.md, Registration.
 */
final class Registrations {
  private Registrations() {}

  static Decision decide(ClusterState state, StateCommand.Register c, PlantedBugs bugs) {
    ServerInfo known = state.serverById(c.id());
    if (known == null) {
      var server = new ServerInfo(state.numbersGiven() + 1, c.id(), c.diskId(), c.boot(), c.nonce(), c.resp(),
          c.peer(), c.zone(), false, false);
      return new Decision(List.of(new StateEvent.ServerChanged(server)),
          new Outcome.Registered(server.number()));
    }
    if (known.nonce() == c.nonce()
        || (bugs.has(PlantedBug.EQUAL_BOOT_IS_REPEAT) && known.boot() == c.boot())) {
      return bugs.has(PlantedBug.EQUAL_BOOT_IS_REPEAT) && known.nonce() != c.nonce()
          ? accept(state, known, c, false, bugs)
          : repeat(state, known, bugs);
    }
    boolean accepted = bugs.has(PlantedBug.ROLLED_BACK_DISK_ACCEPTED);
    boolean unheardAnswer = accepted || known.boot() == c.boot() && known.diskId() == c.diskId()
        && c.unconfirmed().contains(known.nonce());
    if (c.boot() <= known.boot() && !unheardAnswer) {
      return new Decision(List.of(), new Outcome.Refused(known.boot()));
    }
    return accept(state, known, c, known.diskId() != c.diskId() && !bugs.has(PlantedBug.WIPED_DISK_ACCEPTED),
        bugs);
  }

  private static Decision repeat(ClusterState state, ServerInfo known, PlantedBugs bugs) {
    List<RowChange> changes = bugs.has(PlantedBug.REPEATED_REGISTER_STRIPS)
        ? rowsAfter(state, known.number(), true, bugs)
        : List.of();
    return new Decision(changes.isEmpty() ? List.of() : List.of(new StateEvent.RowsChanged(changes)),
        new Outcome.Registered(known.number()));
  }

  private static Decision accept(ClusterState state, ServerInfo known, StateCommand.Register c,
      boolean strips,
      PlantedBugs bugs) {
    long boot = Math.max(known.boot(), c.boot());
    var server = new ServerInfo(known.number(), known.id(), c.diskId(), c.boot(), c.nonce(), c.resp(),
        c.peer(),
        c.zone(), known.member(), false);
    var events = new ArrayList<StateEvent>();
    events.add(new StateEvent.ServerChanged(server));
    var changes = rowsAfter(state, known.number(), strips, bugs);
    if (!changes.isEmpty()) {
      events.add(new StateEvent.RowsChanged(changes));
    }
    return new Decision(events, new Outcome.Registered(known.number()));
  }

  private static List<RowChange> rowsAfter(ClusterState state, int server, boolean otherDisk,
      PlantedBugs bugs) {
    var changes = new ArrayList<RowChange>();
    for (int shard = 0; shard < state.shards(); shard++) {
      Row row = state.row(shard);
      if (otherDisk && row.inSync(server)) {
        changes.add(new RowChange(shard, stripped(row, server)));
      } else if (row.primary() == server && !bugs.has(PlantedBug.NO_NEW_EPOCH_FOR_NEW_BOOT)) {
        changes.add(new RowChange(shard, row.nextEpoch()));
      }
    }
    return changes;
  }

  /** The row without a server whose disk is another now; where it was alone the shard is lost. */
  private static Row stripped(Row row, int server) {
    var others = new ArrayList<>(row.inSync());
    others.remove((Integer) server);
    if (others.isEmpty()) {
      return new Row(row.epoch() + 1, Row.NONE, List.of(), row.wanted(), true, false, row.since());
    }
    if (row.primary() != server) {
      return row.with(row.primary(), others);
    }
    for (int wanted : row.wanted()) {
      if (others.contains(wanted)) {
        return row.with(wanted, others);
      }
    }
    return row.with(others.get(0), others);
  }
}
