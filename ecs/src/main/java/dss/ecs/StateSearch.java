package dss.ecs;

import dss.core.cluster.Address;
import dss.core.cluster.ClusterState;
import dss.core.cluster.ServerInfo;
import dss.core.ecs.Rebuilding;
import dss.ecs.EcsSettings.Recovery;
import dss.peer.PeerPort;
import dss.peer.SessionMessage;
import dss.wire.InfoQuery;
import dss.wire.RespConnector;
import dss.wire.Waiting;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the servers of a cluster whose ECS is lost what they know of it: those that are named, then those that they
 * know. Blocks; for one thread, not the loop.
 */
final class StateSearch {
  private static final Logger LOG = LoggerFactory.getLogger(StateSearch.class);
  private static final Duration ASK = Duration.ofSeconds(2);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final int SHARDS_SHOWN = 16;

  private final RespConnector connector;
  private final PeerPort port;
  private final EventLoop loop;
  private final Recovery recovery;
  private final Rebuilding rebuilding = new Rebuilding();
  private final Map<Address, String> failures = new LinkedHashMap<>();
  private volatile String clusterId = "";

  StateSearch(RespConnector connector, PeerPort port, EventLoop loop, Recovery recovery) {
    this.connector = connector;
    this.port = port;
    this.loop = loop;
    this.recovery = recovery;
  }

  /** Of the servers that answer; empty before. */
  String clusterId() {
    return clusterId;
  }

  /**
   * The state to begin with; an IOException says what stands in the way.
   *
   * @param ecs where the ECS is found from now on
   */
  ClusterState find(List<Address> ecs) throws IOException {
    Set<Address> asked = new LinkedHashSet<>();
    Set<Address> next = new LinkedHashSet<>(recovery.servers());
    while (!next.isEmpty()) {
      for (Address server : next) {
        ask(server);
      }
      asked.addAll(next);
      next = new LinkedHashSet<>();
      ClusterState newest = rebuilding.newest();
      for (ServerInfo known : newest == null ? List.<ServerInfo>of() : rebuilding.missing()) {
        if (!asked.contains(known.resp())) {
          next.add(known.resp());
        }
      }
    }
    ClusterState newest = rebuilding.newest();
    if (newest == null) {
      throw new IOException("no server knows a cluster: " + failures);
    }
    refuseLivingEcs(newest);
    refuseLoss();
    ClusterState state = rebuilding.state(ecs);
    LOG.info("cluster {} goes on with version {}, rebuilt from version {}", clusterId, state.version(),
        newest.version());
    return state;
  }

  private void ask(Address server) throws IOException {
    Map<String, String> info;
    try {
      info = get(InfoQuery.ask(connector, server.host(), server.port(), ASK));
    } catch (IOException e) {
      failures.put(server, e.getMessage());
      return;
    }
    String cluster = info.getOrDefault("dss_cluster_id", "");
    if (!info.getOrDefault("dss_role", "").equals("server") || cluster.isEmpty()) {
      failures.put(server, server + " is no server of a cluster");
      return;
    }
    if (!clusterId.isEmpty() && !clusterId.equals(cluster)) {
      throw new IOException("the servers named belong to two clusters, " + clusterId + " and " + cluster
          + ": name servers of one");
    }
    clusterId = cluster;
    var peer = new Address(server.host(), Integer.parseInt(info.getOrDefault("dss_peer_port", "1")));
    try {
      SessionMessage.Known known = get(KnownQuery.ask(port, loop, peer));
      rebuilding.heard(info.getOrDefault("dss_server_id", ""), known.state(), known.saved(), known.copies());
      failures.remove(server);
    } catch (IOException e) {
      failures.put(server, e.getMessage());
    }
  }

  private static <T> T get(CompletableFuture<T> future) throws IOException {
    try {
      return Waiting.await(future, ANSWER);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Two ECS of one cluster that do not know each other would give the same epochs twice. */
  private void refuseLivingEcs(ClusterState state) throws IOException {
    for (Address ecs : state.ecs()) {
      try {
        Map<String, String> info = get(InfoQuery.ask(connector, ecs.host(), ecs.port(), ASK));
        if (info.getOrDefault("dss_role", "").equals("ecs")
            && info.getOrDefault("dss_cluster_id", "").equals(clusterId)) {
          throw new LivingEcs("the ECS of this cluster still runs at " + ecs
              + ": stop it first, for good, if its data is really lost");
        }
      } catch (LivingEcs e) {
        throw e;
      } catch (IOException e) {
        LOG.debug("no ECS at {}", ecs, e);
      }
    }
  }

  private static final class LivingEcs extends IOException {
    private static final long serialVersionUID = 1;

    LivingEcs(String message) {
      super(message);
    }
  }

  private void refuseLoss() throws IOException {
    List<ServerInfo> missing = rebuilding.missing();
    if (missing.isEmpty()) {
      return;
    }
    List<Integer> endangered = rebuilding.endangered();
    String servers = missing.stream().map(server -> server.resp() + " ("
        + failures.getOrDefault(server.resp(), "not asked") + ")").collect(Collectors.joining(", "));
    String shards = endangered.stream().limit(SHARDS_SHOWN).map(String::valueOf)
        .collect(Collectors.joining(", "))
        + (endangered.size() > SHARDS_SHOWN ? ", ..." : "");
    String what = missing.size() + " of the cluster's servers do not answer: " + servers + "; "
        + endangered.size()
        + " shards have copies there (" + shards + ")";
    if (!recovery.acceptDataLoss()) {
      throw new IOException(
          what + ". Start them first; or, if they are lost for good, add --accept-data-loss:"
              + " writes that only they have are lost then");
    }
    LOG.warn("{}; going on without them, as asked", what);
  }
}
