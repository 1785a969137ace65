package dss.core.cluster;

/**
 * What the cluster state knows of one server.
 *
 * @param number 1, 2, ... in the order of first registration; never given twice
 * @param id 40 hex digits
 * @param diskId which disk, by its random id
 * @param boot how many starts have registered
 * @param nonce of the start that registered last
 * @param resp where it serves clients
 * @param peer where it serves other servers
 * @param zone its failure zone, or empty
 * @param member whether it was added (and not removed)
 * @param stopping it has said that it stops; until its next registration it is wanted last
 */
public record ServerInfo(int number, String id, long diskId, long boot, long nonce, Address resp,
    Address peer,
    String zone, boolean member, boolean stopping) {

  public ServerInfo withMember(boolean isMember) {
    return new ServerInfo(number, id, diskId, boot, nonce, resp, peer, zone, isMember, stopping);
  }

  ServerInfo withStopping(boolean isStopping) {
    return new ServerInfo(number, id, diskId, boot, nonce, resp, peer, zone, member, isStopping);
  }
}
