package dss.ecs;

import dss.core.cluster.Address;
import dss.core.ecs.Controller.TrustRefused;
import dss.protocol.Bytes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an ECS is started.
 *
 * @param host where its ports listen
 * @param port of RESP: console, admin, PING
 * @param peerPort of servers' sessions
 * @param consensusPort of its replicated log
 * @param data its data directory
 * @param replicas copies of each shard; null: what the cluster has, or the default of a new one
 * @param shards of the ring; null: what the cluster has, or the default of a new one
 * @param repairAfter how long a dead server is waited for before its copies are rebuilt elsewhere
 * @param secret of the cluster, or null
 * @param peers all ECS of the cluster, this one too; empty: it begins a cluster alone
 * @param recovery from what a cluster whose ECS is lost is rebuilt; null: it is not
 */
public record EcsSettings(String host, int port, int peerPort, int consensusPort, Path data,
    @Nullable Integer replicas, @Nullable Integer shards, Duration repairAfter, TrustRefused trustRefused,
    @Nullable Bytes secret, List<Peer> peers, @Nullable Recovery recovery) {
  public static final int DEFAULT_REPLICAS = 3;
  public static final int DEFAULT_SHARDS = 1024;

  /** An ECS by its name and RESP address. */
  public record Peer(String name, Address address) {}

  /**
   * @param servers RESP addresses of servers, one or more; they name the others
   * @param acceptDataLoss go on without those that do not answer
   */
  public record Recovery(List<Address> servers, boolean acceptDataLoss) {
    public Recovery {
      servers = List.copyOf(servers);
    }
  }

  public EcsSettings {
    peers = List.copyOf(peers);
  }

  /** One ECS that begins a cluster by itself, or goes on with the one in its directory. */
  public static EcsSettings alone(String host, int port, int peerPort, int consensusPort, Path data,
      @Nullable Integer replicas, @Nullable Integer shards, Duration repairAfter, TrustRefused trustRefused,
      @Nullable Bytes secret) {
    return new EcsSettings(host, port, peerPort, consensusPort, data, replicas, shards, repairAfter,
        trustRefused, secret, List.of(), null);
  }

  /** What is wrong with {@link #peers}, as a sentence; null: nothing. */
  public @Nullable String objection() {
    long own = peers.stream().filter(peer -> isSelf(peer.address())).count();
    if (peers.isEmpty() || own == 1) {
      return null;
    }
    return own == 0
        ? "--peers does not name this ECS, " + host + ":" + port
            + ": name it too, with the same words as --host and --port"
        : "--peers names several that may be this ECS, as it listens at " + host + ":" + port
            + ": give --host the address that --peers has for it";
  }

  /** Where servers and admins find this ECS. */
  Address address() {
    return peers.stream().map(Peer::address).filter(this::isSelf).findFirst()
        .orElse(new Address(host, port));
  }

  /** Its name among its peers. */
  String name() {
    return peers.stream().filter(peer -> isSelf(peer.address())).map(Peer::name).findFirst().orElse("ecs");
  }

  /** Where it listens at all interfaces, its own port is taken for its own address. */
  private boolean isSelf(Address address) {
    boolean anywhere = host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]");
    return address.port() == port
        && (anywhere || address.host().equals(host)
            || address.isLoopback() && new Address(host, port).isLoopback());
  }
}
