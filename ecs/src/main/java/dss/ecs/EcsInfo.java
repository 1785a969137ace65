package dss.ecs;

import dss.consensus.ReplicatedState;
import dss.core.cluster.Address;
import dss.core.cluster.ClusterState;
import java.util.Locale;

/** INFO of the ECS: what servers and tools need to find its other ports. Loop only. */
final class EcsInfo {
  private final EcsSettings settings;
  private final Reconciler reconciler;
  private final EcsLog log;
  private final Forwarding forwarding;
  private final String version;

  EcsInfo(EcsSettings settings, Reconciler reconciler, EcsLog log, Forwarding forwarding, String version) {
    this.settings = settings;
    this.reconciler = reconciler;
    this.log = log;
    this.forwarding = forwarding;
    this.version = version;
  }

  String text() {
    ClusterState state = reconciler.state();
    ReplicatedState own = log.now();
    Address leader = reconciler.leading() ? settings.address() : forwarding.leader();
    return "# Server\r\nredis_version:7.2.4\r\ndss_version:" + version + "\r\nredis_mode:standalone\r\n"
        + "process_id:" + ProcessHandle.current().pid() + "\r\ntcp_port:" + settings.port() + "\r\n"
        + "\r\n# DSS\r\ndss_role:ecs\r\ndss_cluster_id:" + (own == null ? "" : own.clusterId()) + "\r\n"
        + "dss_ecs_id:" + (own == null ? "" : own.self().id()) + "\r\n"
        + "dss_ecs_part:" + log.part().name().toLowerCase(Locale.ROOT) + "\r\n"
        + "dss_ecs_leader:" + (leader == null ? "" : leader) + "\r\n"
        + "dss_peer_port:" + settings.peerPort() + "\r\ndss_consensus_port:" + settings.consensusPort()
        + "\r\n"
        + "dss_leading:" + (reconciler.leading() ? 1 : 0) + "\r\n"
        + "dss_state_version:" + (state == null ? 0 : state.version()) + "\r\n";
  }
}
