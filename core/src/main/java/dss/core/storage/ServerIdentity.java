package dss.core.storage;

import java.util.List;

/**
 * Which server this is, and which life of which disk (docs/replication.md, Registration).
 *
 * @param clusterId 32 hex digits, or empty while the server belongs to no cluster
 * @param shards how many shards that cluster's ring has; 0 while it belongs to none
 * @param serverId 40 hex digits, made once
 * @param diskId random, not 0, made when the directory is formatted or the disk refused
 * @param boot registered starts so far
 * @param unconfirmed nonces of starts that no cluster state has shown yet, the present one's last
 */
public record ServerIdentity(String clusterId, int shards, String serverId, long diskId, long boot,
    List<Long> unconfirmed) {
  public ServerIdentity {
    unconfirmed = List.copyOf(unconfirmed);
    if (boot < 0) {
      throw new IllegalArgumentException("boot " + boot);
    }
  }
}
