package dss.consensus;

import dss.core.cluster.Address;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.jspecify.annotations.Nullable;

/**
 * A voting peer of the replicated log.
 *
 * @param id a name and the id of its storage: another disk is another peer
 * @param consensus where the other peers reach it
 * @param resp where servers and admins find it; null where the log was made before that was noted
 */
public record Member(String id, Address consensus, @Nullable Address resp) {
  static Member of(RaftPeer peer) {
    String client = peer.getClientAddress();
    return new Member(peer.getId().toString(), Address.parse(peer.getAddress()),
        client == null || client.isEmpty() ? null : Address.parse(client));
  }

  /** A line of the file that says who takes part. */
  String line() {
    return id + " " + consensus + " " + (resp == null ? "" : resp);
  }

  RaftPeer peer(int priority) {
    var peer = RaftPeer.newBuilder().setId(RaftPeerId.valueOf(id)).setAddress(consensus.toString())
        .setPriority(priority);
    return resp == null ? peer.build() : peer.setClientAddress(resp.toString()).build();
  }
}
