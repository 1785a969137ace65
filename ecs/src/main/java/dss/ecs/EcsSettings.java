package dss.ecs;

import dss.core.ecs.Controller.TrustRefused;
import dss.protocol.Bytes;
import java.nio.file.Path;
import java.time.Duration;
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
 */
public record EcsSettings(String host, int port, int peerPort, int consensusPort, Path data,
    @Nullable Integer replicas, @Nullable Integer shards, Duration repairAfter, TrustRefused trustRefused,
    @Nullable Bytes secret) {
  public static final int DEFAULT_REPLICAS = 3;
  public static final int DEFAULT_SHARDS = 1024;
}
