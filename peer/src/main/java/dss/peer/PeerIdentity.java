package dss.peer;

import dss.core.binary.BinaryReader;
import dss.core.binary.BinaryWriter;

/**
 * Who speaks at one end of a connection.
 *
 * @param clusterId empty while it belongs to no cluster
 * @param serverId 40 hex digits; {@link #ECS} for the ECS
 * @param boot 0: not registered in this start
 */
public record PeerIdentity(String clusterId, String serverId, long diskId, long nonce, long boot) {
  public static final String ECS = "ecs";

  /** Whether both belong to a cluster, and not to the same one. */
  boolean isForeignTo(PeerIdentity other) {
    return !clusterId.isEmpty() && !other.clusterId.isEmpty() && !clusterId.equals(other.clusterId);
  }

  void write(BinaryWriter out) {
    out.text(clusterId).text(serverId).fixed64(diskId).fixed64(nonce).varint(boot);
  }

  static PeerIdentity read(BinaryReader in) {
    return new PeerIdentity(in.text(), in.text(), in.fixed64(), in.fixed64(), in.varint());
  }
}
