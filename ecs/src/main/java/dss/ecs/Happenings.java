package dss.ecs;

import dss.core.cluster.ClusterState;
import dss.core.cluster.Row;
import dss.core.cluster.ServerInfo;
import dss.core.cluster.StateCommand;
import dss.core.cluster.StateEvent;
import dss.core.ecs.Controller;
import dss.core.ecs.ServerStatus;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Turns changes of the cluster state and of statuses into the words of the event log. */
final class Happenings {
  private final EventLog log;
  private final Map<Integer, ServerStatus> statuses = new HashMap<>();
  private final Set<Integer> diskLow = new HashSet<>();
  private Set<Integer> slow = Set.of();

  Happenings(EventLog log) {
    this.log = log;
  }

  /** Notes every status that is another one than it was, and whose disk is low. */
  void statuses(Controller controller, long now) {
    ClusterState state = controller.state();
    Map<Integer, ServerStatus> all = controller.statuses(now);
    for (ServerInfo server : state.servers()) {
      ServerStatus status = all.getOrDefault(server.number(), ServerStatus.STOPPED);
      ServerStatus before = statuses.put(server.number(), status);
      if (status != before) {
        log.add("server " + server.resp() + " " + (before == null ? "is " : before + " -> ") + status);
      }
      boolean low = controller.report(server.number()).diskLow();
      if (low ? diskLow.add(server.number()) : diskLow.remove(server.number())) {
        log.add("server " + server.resp()
            + (low ? ": its disk is below its reserve" : ": its disk has space again"));
      }
    }
  }

  /** Whose disk drags the writes of others, and from when on it does not. */
  void slow(Controller controller, long at) {
    ClusterState state = controller.state();
    Map<Integer, Controller.SlowDisk> found = controller.slow(at);
    found.forEach((server, disk) -> {
      if (!slow.contains(server)) {
        log.add("server " + name(state, server) + " is slow: what is sent there is durable after "
            + disk.told().tookMs() + " ms, elsewhere after " + disk.told().othersMs()
            + " ms; its copies are left behind for a while where there are two others, as " + disk.by().resp()
            + " says");
      }
    });
    Set<Integer> now = Set.copyOf(found.keySet());
    slow.stream().filter(server -> !now.contains(server))
        .forEach(server -> log
            .add("server " + name(state, server) + " is taken in again, if it is not slow any more"));
    slow = now;
  }

  void changed(ClusterState before, ClusterState after, List<StateEvent> events, StateCommand command) {
    for (StateEvent event : events) {
      switch (event) {
        case StateEvent.ServerChanged e -> server(before.server(e.server().number()), e.server());
        case StateEvent.ServerForgotten e -> log.add("server number " + e.number() + " forgotten");
        case StateEvent.RowsChanged e ->
          e.changes().forEach(c -> row(before, after, c.shard(), cause(command)));
        case StateEvent.SettingsChanged e -> log.add("settings: min-in-sync " + e.settings().minInSync()
            + ", beacon " + e.settings().beaconMs() + " ms, trust-refused " + e.settings().trustRefused()
            + (e.settings().paused() ? ", nothing is moved" : ""));
        case StateEvent.EcsMoved e -> log.add("ECS at " + e.ecs());
      }
    }
  }

  private void server(@org.jspecify.annotations.Nullable ServerInfo before, ServerInfo now) {
    if (before == null) {
      log.add("server " + now.resp() + " registered for the first time, id " + now.id());
    } else if (before.nonce() != now.nonce()) {
      log.add("server " + now.resp() + " started again, boot " + now.boot()
          + (before.diskId() != now.diskId() ? ", with another disk" : ""));
    } else if (before.member() != now.member()) {
      log.add("server " + now.resp() + (now.member() ? " added" : " removed"));
    } else if (before.stopping() != now.stopping()) {
      log.add("server " + now.resp()
          + (now.stopping() ? " steps back: others lead where they can" : " may lead again"));
    }
  }

  private void row(ClusterState before, ClusterState after, int shard, String cause) {
    Row was = before.row(shard);
    Row row = after.row(shard);
    var words = new StringBuilder("shard ").append(shard).append(" epoch ").append(row.epoch());
    if (row.primary() != was.primary()) {
      words.append(", primary ").append(name(after, was.primary())).append(" -> ")
          .append(name(after, row.primary()));
    }
    if (!row.inSync().equals(was.inSync())) {
      words.append(", in sync ").append(names(after, row.inSync()));
    }
    if (!row.wanted().equals(was.wanted())) {
      words.append(", wanted ").append(names(after, row.wanted()));
    }
    if (row.lost() != was.lost()) {
      words.append(row.lost() ? ", LOST: nobody is known to hold its acknowledged writes" : ", found again");
    }
    log.add(words.append(": ").append(cause).toString());
  }

  private static String name(ClusterState state, int number) {
    ServerInfo server = state.server(number);
    return server == null ? "none" : server.resp().toString();
  }

  private static String names(ClusterState state, List<Integer> numbers) {
    return numbers.stream().map(n -> name(state, n)).collect(Collectors.joining("+"));
  }

  private static String cause(StateCommand command) {
    return switch (command) {
      case StateCommand.Register c -> "its server started again";
      case StateCommand.SetMember c -> "membership";
      case StateCommand.Forget c -> "membership";
      case StateCommand.SetStopping c -> "stopping";
      case StateCommand.SetSettings c -> "settings";
      case StateCommand.Pause c -> "settings";
      case StateCommand.MoveEcs c -> "settings";
      case StateCommand.Found c -> "founded";
      case StateCommand.SetInSync c -> "asked by its primary";
      case StateCommand.Handover c -> "handed over";
      case StateCommand.Promote c -> "its primary is gone, or reaches too few others";
      case StateCommand.Want c -> "placement";
      case StateCommand.Abandon c ->
        "begun again with what is left of it, as asked: acknowledged writes are given up";
    };
  }
}
