package dss.sim;

import dss.core.cluster.Settings;
import java.util.SplittableRandom;

/** What one seed's cluster looks like and what happens to it, drawn from the seed. */
record Profile(int servers, int shards, int replicas, Settings settings, int clients, int keys, int faults,
    long faultMicros, long healMicros, boolean coldReads, boolean wipes,
    boolean requestIds) {

  static Profile of(long seed) {
    var random = new SplittableRandom(seed * 31 + 7);
    int servers = 3 + random.nextInt(2);
    int shards = 1 << random.nextInt(3);
    int replicas = 2 + random.nextInt(2);
    Settings settings = Settings.of(shards, replicas).withRepairAfterMs(2_000 + random.nextInt(4) * 1_000)
        .withTrustRefused(random.nextInt(3) == 0);
    int shortDead = random.nextInt(7);
    if (shortDead < 3) {
      // The default hides faults of leases: a server is replaced long after all it granted has run out.
      settings = settings.withDeadMs(shortDead == 0 ? 150 : 350);
    }
    return new Profile(servers, shards, replicas, settings, 4, 6, 8 + random.nextInt(24), 12_000_000,
        8_000_000,
        random.nextInt(4) == 0, random.nextInt(2) == 0, random.nextInt(2) == 0);
  }
}
