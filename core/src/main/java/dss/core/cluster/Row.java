package dss.core.cluster;

import java.util.List;

/**
 * What the cluster state says of one shard. Every change of it raises its epoch.
 *
 * @param epoch the row's version; a primary writes only in an epoch it has seen
 * @param primary number of the server that serves it, or {@link #NONE}
 * @param inSync numbers of the servers that hold every acknowledged write, the primary among them
 * @param wanted where placement wants copies, the preferred primary first
 * @param lost nobody is known to hold its acknowledged writes any more
 * @param fresh set when the shard was founded, or begun again: its primary makes an empty copy complete
 * @param since the epoch in which it was begun again with what one server had, 0: never; a copy without an entry of it or
 *     of a later one holds what was given up, and is none
 */
public record Row(long epoch, int primary, List<Integer> inSync, List<Integer> wanted, boolean lost,
    boolean fresh, long since) {
  /** No server. */
  public static final int NONE = 0;
  /** Before the first member. */
  public static final Row UNFOUNDED = new Row(0, NONE, List.of(), List.of(), false, false);

  public Row {
    inSync = List.copyOf(inSync);
    wanted = List.copyOf(wanted);
    if (primary != NONE && !inSync.contains(primary)) {
      throw new IllegalArgumentException("primary " + primary + " is not in sync " + inSync);
    }
  }

  /** One that was never given up. */
  public Row(long epoch, int primary, List<Integer> inSync, List<Integer> wanted, boolean lost,
      boolean fresh) {
    this(epoch, primary, inSync, wanted, lost, fresh, 0);
  }

  public boolean inSync(int server) {
    return inSync.contains(server);
  }

  public boolean wants(int server) {
    return wanted.contains(server);
  }

  /** Whether the server has something to do with this shard. */
  public boolean names(int server) {
    return inSync.contains(server) || wanted.contains(server);
  }

  /** Whether the copies wanted, and no others, are in sync, and the preferred primary leads. */
  public boolean isAsWanted() {
    return epoch == 0 || !wanted.isEmpty() && primary == wanted.get(0) && inSync.size() == wanted.size()
        && inSync.containsAll(wanted);
  }

  Row with(int newPrimary, List<Integer> newInSync) {
    return new Row(epoch + 1, newPrimary, newInSync, wanted, false, false, since);
  }

  Row withWanted(List<Integer> newWanted) {
    return new Row(epoch + 1, primary, inSync, newWanted, lost, fresh, since);
  }

  Row nextEpoch() {
    return new Row(epoch + 1, primary, inSync, wanted, lost, fresh, since);
  }
}
