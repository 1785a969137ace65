package dss.core.cluster;

/**
 * The settings of a cluster, the same for all its servers.
 *
 * @param shards how many equal arcs the ring has: a power of two, fixed for good
 * @param replicas copies wanted of each shard when there are members enough
 * @param minInSync writes need at least so many copies in sync; kept by the ECS
 * @param beaconMs interval of beacons
 * @param leaseMs how long an answered beacon lets a primary read
 * @param graceMs how long a server that answered waits before it serves in the other's place
 * @param slowMs a backup that answers nothing for so long is dropped
 * @param deadMs a server that says nothing for so long is taken for dead
 * @param repairAfterMs the repair delay
 * @param trustRefused a refused connection proves that the process is gone
 * @param paused no copy is moved; one that a shard lacks is made all the same
 */
public record Settings(int shards, int replicas, int minInSync, int beaconMs, int leaseMs, int graceMs,
    int slowMs,
    int deadMs, int repairAfterMs, boolean trustRefused, boolean paused) {
  public Settings {
    if (shards < 1 || shards > dss.protocol.Slots.COUNT || Integer.bitCount(shards) != 1) {
      throw new IllegalArgumentException("shards must be a power of two up to 16384, not " + shards);
    }
    if (replicas < 1 || replicas > 7) {
      throw new IllegalArgumentException("replicas must be 1 to 7, not " + replicas);
    }
  }

  /** The defaults of docs/replication.md, Numbers. */
  public static Settings of(int shards, int replicas) {
    return new Settings(shards, replicas, 1, 100, 700, 800, 600, 1000, 60_000, false, false);
  }

  public Settings withMinInSync(int count) {
    return new Settings(shards, replicas, count, beaconMs, leaseMs, graceMs, slowMs, deadMs, repairAfterMs,
        trustRefused, paused);
  }

  public Settings withBeaconMs(int ms) {
    return new Settings(shards, replicas, minInSync, ms, leaseMs, graceMs, slowMs, deadMs, repairAfterMs,
        trustRefused, paused);
  }

  public Settings withRepairAfterMs(int ms) {
    return new Settings(shards, replicas, minInSync, beaconMs, leaseMs, graceMs, slowMs, deadMs, ms,
        trustRefused, paused);
  }

  public Settings withTrustRefused(boolean trust) {
    return new Settings(shards, replicas, minInSync, beaconMs, leaseMs, graceMs, slowMs, deadMs,
        repairAfterMs,
        trust, paused);
  }

  public Settings withDeadMs(int ms) {
    return new Settings(shards, replicas, minInSync, beaconMs, leaseMs, graceMs, slowMs, ms, repairAfterMs,
        trustRefused, paused);
  }

  public Settings withPaused(boolean moveNothing) {
    return new Settings(shards, replicas, minInSync, beaconMs, leaseMs, graceMs, slowMs, deadMs,
        repairAfterMs,
        trustRefused, moveNothing);
  }

  public int slotsPerShard() {
    return dss.protocol.Slots.COUNT / shards;
  }
}
