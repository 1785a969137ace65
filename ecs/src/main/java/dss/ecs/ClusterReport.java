package dss.ecs;

import dss.core.cluster.ClusterState;
import dss.core.cluster.Row;
import dss.core.cluster.ServerInfo;
import dss.core.ecs.Controller;
import dss.core.ecs.ServerReport;
import dss.core.ecs.ServerStatus;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * The whole cluster at one moment, as {@code print} tells it.
 *
 * @param moving shards that are not as wanted yet
 * @param awaitSlow of those the ones that lack nothing but copies on servers whose disks are slow
 * @param paused what is to move does not, as a person has cancelled it
 * @param sameZone shards that have two copies in one zone
 * @param lost shards of which nobody is known to hold the acknowledged writes
 */
record ClusterReport(long version, String clusterId, String leader, List<EcsMembers.Line> ecs,
    int replicas, int minInSync,
    int shards, boolean balanced, boolean paused, int underReplicated, int moving, int awaitSlow,
    int sameZone, int lost,
    List<ServerLine> servers,
    List<TransferLine> transfers) {

  record ServerLine(String id, String host, int port, String zone, String status, boolean member,
      int primaries,
      int copies, long keys, long bytes, long lagMs, boolean diskLow, boolean slow) {}

  record TransferLine(int shard, String from, String to, String phase, double done, long bytesPerSecond,
      long etaSeconds) {}

  static ClusterReport of(Controller controller, String leader, List<EcsMembers.Line> ecs, long now,
      Predicate<String> hasSession) {
    ClusterState state = controller.state();
    var servers = new ArrayList<ServerLine>();
    var transfers = new ArrayList<TransferLine>();
    Map<Integer, ServerStatus> statuses = controller.statuses(now);
    Set<Integer> slow = controller.slow(now).keySet();
    for (ServerInfo server : state.servers()) {
      boolean named = controller.isNamed(server.number());
      if (server.member() || named || hasSession.test(server.id())) {
        ServerStatus status = statuses.getOrDefault(server.number(), ServerStatus.STOPPED);
        servers.add(line(controller, server, status, slow.contains(server.number())));
        transfers(controller, server, transfers);
      }
    }
    int under = 0;
    int moving = 0;
    int sameZone = 0;
    int lost = 0;
    int copies = Math.min(state.settings().replicas(), state.members().size());
    for (int shard = 0; shard < state.shards(); shard++) {
      Row row = state.row(shard);
      under += liveCopies(controller, row, now) < copies ? 1 : 0;
      moving += row.isAsWanted() ? 0 : 1;
      sameZone += hasTwoInAZone(state, row) ? 1 : 0;
      lost += row.lost() ? 1 : 0;
    }
    return new ClusterReport(state.version(), state.clusterId(), leader, ecs, state.settings().replicas(),
        state.settings().minInSync(), state.shards(), controller.isBalanced(now), state.settings().paused(),
        under, moving, controller.awaitSlow(now), sameZone, lost,
        servers,
        transfers);
  }

  private static boolean hasTwoInAZone(ClusterState state, Row row) {
    var zones = new HashSet<String>();
    for (int number : row.inSync()) {
      ServerInfo server = state.server(number);
      if (server != null && !server.zone().isEmpty() && !zones.add(server.zone())) {
        return true;
      }
    }
    return false;
  }

  private static int liveCopies(Controller controller, Row row, long now) {
    int live = 0;
    for (int number : row.inSync()) {
      ServerInfo server = controller.state().server(number);
      live += server != null && !controller.isDown(server, now) ? 1 : 0;
    }
    return live;
  }

  private static ServerLine line(Controller controller, ServerInfo server, ServerStatus status,
      boolean slow) {
    ClusterState state = controller.state();
    int primaries = 0;
    int copies = 0;
    for (int shard = 0; shard < state.shards(); shard++) {
      primaries += state.row(shard).primary() == server.number() ? 1 : 0;
      copies += state.row(shard).inSync(server.number()) ? 1 : 0;
    }
    ServerReport report = controller.report(server.number());
    ServerReport.Copies told = report.copies();
    return new ServerLine(server.id(), server.resp().host(), server.resp().port(), server.zone(),
        status.name(), server.member(), primaries, copies, told.keys(), told.bytes(),
        told.lagMs(), report.diskLow(), slow);
  }

  private static void transfers(Controller controller, ServerInfo from, List<TransferLine> lines) {
    for (ServerReport.Transfer t : controller.report(from.number()).transfers()) {
      ServerInfo to = controller.state().server(t.to());
      if (to != null) {
        double left = t.done() <= 0 ? 0 : t.bytesSent() * (1 - t.done()) / t.done();
        long eta = t.bytesPerSecond() == 0 ? 0 : (long) Math.ceil(left / t.bytesPerSecond());
        lines.add(
            new TransferLine(t.shard(), from.resp().toString(), to.resp().toString(), "copying", t.done(),
                t.bytesPerSecond(), eta));
      }
    }
  }

  /** Max over mean of the members; 1 where there is nothing. */
  double evenness(ToDoubleFunction<ServerLine> of) {
    List<ServerLine> members = servers.stream().filter(ServerLine::member).toList();
    double sum = members.stream().mapToDouble(of).sum();
    double max = members.stream().mapToDouble(of).max().orElse(0);
    return sum == 0 ? 1 : Math.round(max * members.size() / sum * 1000) / 1000.0;
  }

  /** As docs and scripts know it (the command line's contract). */
  Map<String, Object> json() {
    var json = new LinkedHashMap<String, Object>();
    json.put("version", version);
    json.put("cluster", clusterId);
    json.put("ecs", ordered("leader", leader, "members",
        ecs.stream().map(EcsMembers.Line::address).toList(), "states",
        ecs.stream().map(e -> ordered("id", e.id(), "address", e.address(), "status", e.status())).toList()));
    json.put("replicas", replicas);
    json.put("shards", shards);
    json.put("minInSync", minInSync);
    json.put("balanced", balanced);
    json.put("paused", paused);
    json.put("underReplicated", underReplicated);
    json.put("moving", moving);
    json.put("awaitSlow", awaitSlow);
    json.put("sameZone", sameZone);
    json.put("lost", lost);
    json.put("evenness", ordered("primaries", evenness(ServerLine::primaries), "copies",
        evenness(ServerLine::copies), "bytes", evenness(ServerLine::bytes)));
    json.put("servers", servers.stream().map(ClusterReport::json).toList());
    json.put("transfers", transfers.stream().map(ClusterReport::json).toList());
    return json;
  }

  private static Map<String, Object> json(ServerLine s) {
    return ordered("id", s.id, "host", s.host, "port", s.port, "zone", s.zone, "status", s.status, "member",
        s.member, "primaries", s.primaries, "copies", s.copies, "keys", s.keys, "bytes", s.bytes, "lagMs",
        s.lagMs, "diskLow", s.diskLow, "slow", s.slow);
  }

  private static Map<String, Object> json(TransferLine t) {
    return ordered("shard", t.shard, "from", t.from, "to", t.to, "phase", t.phase, "done",
        Math.round(t.done * 1000) / 1000.0, "bytesPerSecond", t.bytesPerSecond, "etaSeconds", t.etaSeconds);
  }

  private static Map<String, Object> ordered(Object... keysAndValues) {
    var map = new LinkedHashMap<String, Object>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
