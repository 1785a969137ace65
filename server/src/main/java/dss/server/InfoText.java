package dss.server;

import dss.core.cluster.DssVersion;
import dss.protocol.Request;
import dss.storage.StorageStats;
import dss.wire.RespServer;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** INFO of a server: sections of fields. Loop only. */
final class InfoText {
  private final ServerSettings settings;
  private final ServerNode node;
  private final ClusterCommands cluster;
  private final Supplier<RespServer> server;

  InfoText(ServerSettings settings, ServerNode node, ClusterCommands cluster, Supplier<RespServer> server) {
    this.settings = settings;
    this.node = node;
    this.cluster = cluster;
    this.server = server;
  }

  String of(Request request) {
    Map<String, Supplier<String>> sections = new LinkedHashMap<>();
    sections.put("Server", this::server);
    sections.put("Clients", this::clients);
    sections.put("Memory", InfoText::memory);
    sections.put("Persistence", this::persistence);
    sections.put("Stats", this::stats);
    sections.put("Replication", this::replication);
    sections.put("Cluster", () -> "cluster_enabled:1\r\n");
    sections.put("DSS", this::dss);
    var out = new StringBuilder();
    sections.forEach((name, text) -> {
      if (isWanted(request, name)) {
        out.append(out.isEmpty() ? "" : "\r\n").append("# ").append(name).append("\r\n").append(text.get());
      }
    });
    return out.toString();
  }

  private static boolean isWanted(Request request, String section) {
    for (int i = 1; i < request.size(); i++) {
      String word = request.get(i).asUtf8().toLowerCase(Locale.ROOT);
      if (word.equals(section.toLowerCase(Locale.ROOT)) || word.equals("all") || word.equals("everything")
          || word.equals("default")) {
        return true;
      }
    }
    return request.size() == 1;
  }

  private String server() {
    long uptime = ManagementFactory.getRuntimeMXBean().getUptime() / 1000;
    return "redis_version:" + DssVersion.REDIS + "\r\ndss_version:" + DssVersion.TEXT
        + "\r\nredis_mode:cluster\r\nos:"
        + System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
        + System.getProperty("os.arch") + "\r\nprocess_id:" + ProcessHandle.current().pid() + "\r\nrun_id:"
        + node.storage().identity().serverId() + "\r\ntcp_port:" + settings.port() + "\r\nuptime_in_seconds:"
        + uptime + "\r\nuptime_in_days:" + uptime / 86_400 + "\r\n";
  }

  private String clients() {
    return "connected_clients:" + server.get().connectionCount() + "\r\nmaxclients:"
        + server.get().settings().maxClients() + "\r\n";
  }

  private static String memory() {
    Runtime runtime = Runtime.getRuntime();
    long used = runtime.totalMemory() - runtime.freeMemory();
    return "used_memory:" + used + "\r\nused_memory_human:" + used / (1 << 20) + "M\r\nmaxmemory:"
        + runtime.maxMemory() + "\r\n";
  }

  private String persistence() {
    StorageStats s = node.storage().stats();
    return "loading:0\r\naof_enabled:1\r\nlog_fsyncs:" + s.fsyncs() + "\r\nlog_longest_fsync_ms:"
        + s.longestFsyncMs()
        + "\r\nlog_bytes_appended:" + s.logBytesAppended() + "\r\nlog_segments:" + s.logSegmentsLive()
        + "\r\nlog_segments_recycled:" + s.logSegmentsRecycled() + "\r\nlog_bytes:" + s.logBytesLive()
        + "\r\nmemtable_bytes:" + s.memtableBytes() + "\r\nrecent_bytes:" + s.recentBytes() + "\r\nflushes:"
        + s.flushes() + "\r\nstore_bytes:"
        + s.storeBytes() + "\r\nreads_from_disk:" + s.readsFromDisk() + "\r\ndisk_free_bytes:"
        + s.diskFreeBytes()
        + "\r\ndisk_low:" + (node.storage().diskLow() ? 1 : 0) + "\r\n";
  }

  private String stats() {
    return "total_connections_received:" + server.get().acceptedConnections() + "\r\nrejected_connections:"
        + server.get().refusedConnections() + "\r\n";
  }

  private String replication() {
    Topology now = cluster.topology();
    return "role:master\r\nconnected_slaves:" + (now == null ? 0 : now.fewestBackups()) + "\r\n";
  }

  private String dss() {
    var identity = node.storage().identity();
    var state = node.node().stateInEffect();
    Topology now = cluster.topology();
    boolean member = state != null
        && state.server(node.node().self()) instanceof dss.core.cluster.ServerInfo me
        && me.member();
    return "dss_role:server\r\ndss_cluster_id:" + identity.clusterId() + "\r\ndss_server_id:"
        + identity.serverId()
        + "\r\ndss_peer_port:" + settings.peerPort() + "\r\ndss_boot:" + identity.boot()
        + "\r\ndss_registered:"
        + (node.node().registered() ? 1 : 0) + "\r\ndss_member:" + (member ? 1 : 0) + "\r\ndss_state_version:"
        + node.node().version() + "\r\ndss_primaries:" + (now == null ? 0 : now.ownShards().size())
        + "\r\ndss_ecs_session:" + (node.ecsIsOpen() ? 1 : 0) + "\r\n";
  }
}
