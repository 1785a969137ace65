package dss.ecs;

import dss.core.cluster.ClusterState;
import dss.core.cluster.Row;
import dss.core.cluster.ServerInfo;
import dss.core.ecs.Controller;
import dss.core.ecs.ServerReport;
import dss.core.ecs.ServerReport.Transfer;
import dss.protocol.Bytes;
import dss.protocol.Slots;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Where a key is and why there, and what is with a server: from the cluster state, the reports and the events. Loop only. */
final class Why {
  private static final int EVENTS_OF_SERVER = 5;

  /** @param done of its copy, 0..1; -1: none is sent to it */
  record CopyLine(String server, String role, String status, boolean wanted, double done,
      long bytesPerSecond) {}

  /**
   * @param lagMs for how long the backup of its primary that is furthest behind has owed an answer, of any shard
   * @param lastMove the newest change of its row that is remembered
   * @param before what happened last to any server before that
   */
  record OfKey(Bytes key, int slot, int shard, int firstSlot, int lastSlot, long epoch, String state,
      long lagMs,
      List<CopyLine> copies, EventLog.@Nullable Event lastMove, EventLog.@Nullable Event before) {}

  /**
   * @param coming shards that are wanted there and not in sync yet
   * @param going shards in sync there that are wanted elsewhere
   */
  record OfServer(ServerInfo server, String status, int primaries, int copies, ServerReport report,
      int coming, int going,
      List<EventLog.Event> events) {}

  private final Controller controller;
  private final EventLog events;
  private final long now;

  Why(Controller controller, EventLog events, long now) {
    this.controller = controller;
    this.events = events;
    this.now = now;
  }

  OfKey key(Bytes key) {
    ClusterState state = controller.state();
    int slot = Slots.of(key);
    int shard = state.shardOf(slot);
    Row row = state.row(shard);
    EventLog.Event lastMove = newest(event -> event.isOfShard(shard));
    EventLog.Event before = lastMove == null
        ? null
        : newest(event -> !event.ofShard() && !event.isOfMoving() && !event.time().isAfter(lastMove.time()));
    int first = state.firstSlot(shard);
    return new OfKey(key, slot, shard, first, first + state.settings().slotsPerShard() - 1, row.epoch(),
        stateOf(shard, row), controller.report(row.primary()).copies().lagMs(), copies(shard, row), lastMove,
        before);
  }

  private EventLog.@Nullable Event newest(Predicate<EventLog.Event> which) {
    List<EventLog.Event> found = events.last(1, which);
    return found.isEmpty() ? null : found.getFirst();
  }

  private String stateOf(int shard, Row row) {
    if (row.epoch() == 0) {
      return "not founded: add a server";
    }
    if (row.lost()) {
      return "LOST: nobody is known to hold its acknowledged writes";
    }
    ServerInfo primary = controller.state().server(row.primary());
    if (primary == null || controller.isDown(primary, now)) {
      return "its primary is DOWN: another copy in sync takes over, or that server must come back";
    }
    Long served = controller.report(row.primary()).serving().get(shard);
    if (served == null || served < row.epoch()) {
      return "its primary does not serve in this epoch yet";
    }
    return row.isAsWanted()
        ? "served, all copies are where they are wanted"
        : "served, copies are on the move";
  }

  private List<CopyLine> copies(int shard, Row row) {
    var servers = new ArrayList<>(row.inSync());
    row.wanted().stream().filter(server -> !row.inSync(server)).forEach(servers::add);
    var lines = new ArrayList<CopyLine>();
    for (int number : servers) {
      ServerInfo server = controller.state().server(number);
      String role = number == row.primary() ? "primary" : row.inSync(number) ? "backup" : "learner";
      Transfer transfer = transfer(t -> t.shard() == shard && t.to() == number);
      lines.add(new CopyLine(server == null ? "number " + number : server.resp().toString(), role,
          server == null ? "forgotten" : controller.status(server, now).name(), row.wants(number),
          transfer == null ? -1 : transfer.done(), transfer == null ? 0 : transfer.bytesPerSecond()));
    }
    return lines;
  }

  private @Nullable Transfer transfer(Predicate<Transfer> which) {
    for (ServerInfo from : controller.state().servers()) {
      for (Transfer transfer : controller.report(from.number()).transfers()) {
        if (which.test(transfer)) {
          return transfer;
        }
      }
    }
    return null;
  }

  OfServer server(ServerInfo server) {
    int primaries = 0;
    int copies = 0;
    int coming = 0;
    int going = 0;
    ClusterState state = controller.state();
    int number = server.number();
    for (int shard = 0; shard < state.shards(); shard++) {
      Row row = state.row(shard);
      primaries += row.primary() == number ? 1 : 0;
      copies += row.inSync(number) ? 1 : 0;
      coming += row.wants(number) && !row.inSync(number) ? 1 : 0;
      going += row.inSync(number) && !row.wants(number) ? 1 : 0;
    }
    String name = "server " + server.resp();
    return new OfServer(server, controller.status(server, now).name(), primaries, copies,
        controller.report(number),
        coming, going,
        events.last(EVENTS_OF_SERVER, event -> !event.isOfMoving() && (event.what().startsWith(name + " ")
            || event.what().startsWith(name + ":"))));
  }
}
