package dss.sim;

/**
 * Something that happened, put into words when somebody reads it.
 *
 * @param shard that it is about; {@link Trace#NONE}: no one of them
 * @param server where it happened, by index; {@link Trace#NONE}: at none of them
 * @param detail said by its {@code toString}, or a message to be read
 */
record TraceLine(long micros, Rank rank, int shard, String what, int server, Object detail) {
  /** How much it tells: where there are too many lines, those of the later ranks go first. */
  enum Rank {
    /** What goes wrong, who comes and goes, the cluster state. */
    CLUSTER,
    /** Who could read, what clients ask and see. */
    SERVICE,
    /** What becomes of a copy: entries, fsyncs, messages about them. */
    COPY,
    /** Beacons and leases, and what comes all the time. */
    PULSE
  }

  /** Time, where, what. */
  @Override
  public String toString() {
    String words = detail.toString();
    var line = new StringBuilder(60 + words.length());
    line.append(micros / 1000).append('.').append(Long.toString(1000 + micros % 1000), 1, 4);
    while (line.length() < 10) {
      line.insert(0, ' ');
    }
    line.append(" ms ");
    if (server != Trace.NONE) {
      line.append('s').append(server).append(' ');
    }
    line.append(what);
    return words.isEmpty() ? line.toString() : line.append(' ').append(words).toString();
  }
}
