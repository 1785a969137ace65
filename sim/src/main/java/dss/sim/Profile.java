package dss.sim;

import dss.core.cluster.Settings;
import dss.core.replication.NodeSettings;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * What one seed's cluster looks like and what happens to it. A profile has a name and is directed at some kind of
 * mistake; its details are drawn from the seed.
 */
final class Profile {
  /** Everything, nothing of it too often. */
  static final String MIXED = "mixed";
  private static final int SMALL_FRAME = 300;

  private interface Direction {
    void apply(Profile profile, SplittableRandom random);
  }

  private static final Map<String, Direction> DIRECTIONS = new TreeMap<>(Map.ofEntries(
      Map.entry(MIXED, (p, r) -> {}), Map.entry("leases", Profile::leases),
      Map.entry("copies", Profile::copies), Map.entry("asks", Profile::asks),
      Map.entry("promotions", Profile::promotions), Map.entry("registrations", Profile::registrations),
      Map.entry("outages", Profile::outages), Map.entry("clocks", Profile::clocks),
      Map.entry("logs", Profile::logs), Map.entry("returns", Profile::returns),
      Map.entry("repeats", Profile::repeats)));

  final String name;
  int servers;
  int shards;
  int replicas;
  Settings settings;
  int ecsNodes;
  /** How much the rates of two clocks differ at the most; beyond a tenth reads may be old. */
  double rates = 0.08;
  int clients = 4;
  int keys = 4;
  /** Keys that live for a while only. */
  int mortals = 2;
  int groups = 1;
  /** What is read back from the log takes long. */
  boolean slowFetches;
  /** Bytes of log files that are kept for copies that are behind; a quarter of it if nobody asks. */
  long logRetainBytes;
  /** How often a client sends several operations at once. */
  double pipelining;
  /** How far wall clocks are apart at the most, also when they jump. */
  long wallApartMicros = 200_000;
  int faults;
  long faultMicros = 5_000_000;
  long healMicros = 5_000_000;
  boolean coldReads;
  boolean wipes;
  boolean requestIds;
  /** Whether all shards are read all the time, so that leases never run out for want of use. */
  boolean steadyReads;
  /** Of one append: small ones bring a log that is behind in many steps. */
  int frameBytes;
  /** Nothing but the ECS ever fails: then no server may be replaced, and no copy that is wanted dropped. */
  boolean onlyEcsFails;
  /** How often a moment of its kind is used for an ambush, 0 to 1. */
  double ambushAsks;
  double ambushCopies;
  double ambushPromotions;
  double ambushReturns;
  double ambushRegistrations;
  double ambushLeaving;
  double ambushAppends;
  double ambushDropped;
  double ambushNewFiles;
  final Map<Fault, Integer> weights = new EnumMap<>(Fault.class);

  private Profile(String name, SplittableRandom random) {
    this.name = name;
    servers = random.nextInt(4) > 0 ? 3 + random.nextInt(2) : 1 + random.nextInt(7);
    shards = 1 << random.nextInt(3);
    replicas = random.nextInt(8) == 0 ? 1 : 2 + random.nextInt(2);
    ecsNodes = random.nextInt(2) == 0 ? 1 : 3;
    settings = Settings.of(shards, replicas).withRepairAfterMs(500 + random.nextInt(4) * 500)
        .withTrustRefused(random.nextInt(3) == 0);
    int shortDead = random.nextInt(7);
    if (shortDead < 3) {
      // The default hides faults of leases: a server is replaced long after all it granted has run out.
      settings = settings.withDeadMs(shortDead == 0 ? 150 : 350);
    }
    faults = 8 + random.nextInt(24);
    coldReads = random.nextInt(4) == 0;
    wipes = random.nextInt(2) == 0;
    requestIds = random.nextInt(2) == 0;
    pipelining = random.nextInt(2) == 0 ? 0.2 : 0;
    logRetainBytes = 4_096L << random.nextInt(6);
    wallApartMicros = random.nextInt(3) == 0 ? 3_000_000 : 200_000;
    frameBytes = random.nextInt(3) == 0 ? SMALL_FRAME : new NodeSettings().frameBytes;
    steadyReads = random.nextInt(2) == 0;
    for (Fault fault : Fault.values()) {
      weights.put(fault, 1);
    }
    weights.put(Fault.CRASH, 3);
    weights.put(Fault.PAUSE, 2);
    weights.put(Fault.PARTITION, 2);
    double some = random.nextInt(4) == 0 ? 0.1 : 0;
    ambush(some);
  }

  static Profile of(String name, long seed) {
    Direction direction = direction(name);
    var random = new SplittableRandom(seed * 31 + 7);
    var profile = new Profile(name, random);
    direction.apply(profile, random);
    return profile;
  }

  private static Direction direction(String name) {
    Direction direction = DIRECTIONS.get(name);
    if (direction == null) {
      throw new IllegalArgumentException(
          "no profile '" + name + "'; there are " + String.join(", ", DIRECTIONS.keySet()));
    }
    return direction;
  }

  static Set<String> names() {
    return DIRECTIONS.keySet();
  }

  /** @throws IllegalArgumentException if there is no such profile: names those there are */
  static void requireKnown(String name) {
    direction(name);
  }

  /** Whether clocks keep to what leases count on. */
  boolean clocksKeepBounds() {
    return rates <= 0.1;
  }

  private void ambush(double chance) {
    ambushAsks = chance;
    ambushCopies = chance;
    ambushPromotions = chance;
    ambushReturns = chance / 2;
    ambushRegistrations = chance;
    ambushLeaving = chance;
    ambushAppends = chance / 100;
    ambushDropped = chance;
    ambushNewFiles = chance;
  }

  /** These, and a few of the plainest others. */
  private void mostly(Fault... some) {
    weights.replaceAll((fault, weight) -> fault == Fault.CRASH || fault == Fault.PARTITION ? 1 : 0);
    for (Fault fault : some) {
      weights.put(fault, 4);
    }
  }

  private void cluster(int ofServers, int ofShards, int ofReplicas, int deadMs) {
    servers = ofServers;
    shards = ofShards;
    replicas = ofReplicas;
    settings = Settings.of(shards, replicas).withRepairAfterMs(1_000).withDeadMs(deadMs)
        .withTrustRefused(settings.trustRefused());
  }

  // ---- directions

  /** Two who could read: primaries replaced while leases are out. */
  private static void leases(Profile p, SplittableRandom random) {
    p.cluster(3, 2, 2 + random.nextInt(2), 150);
    p.faults = 24;
    p.pipelining = 0.5;
    p.steadyReads = true;
    p.ambushPromotions = 0.4;
    p.mostly(Fault.STRANDED_PRIMARY, Fault.MUFFLED_PRIMARY, Fault.SLOW_LINK, Fault.PAUSE, Fault.BOUNCE);
  }

  /** Copies that end half way, or of what is not wanted any more. */
  private static void copies(Profile p, SplittableRandom random) {
    p.cluster(3 + random.nextInt(2), 2, 2, random.nextInt(2) == 0 ? 350 : 1_000);
    p.faults = 30;
    p.wipes = true;
    p.ambushCopies = 0.3;
    p.ambushLeaving = 0.5;
    p.logRetainBytes = 4_096;
    p.mostly(Fault.MEMBERSHIP, Fault.DISK, Fault.FLUSH);
  }

  /** Changes of who is in sync that are under way when something else happens. */
  private static void asks(Profile p, SplittableRandom random) {
    p.cluster(3, 2, 2 + random.nextInt(2), random.nextInt(2) == 0 ? 150 : 350);
    p.faults = 30;
    p.wipes = true;
    p.ambushAsks = 0.4;
    p.ambushLeaving = 0.5;
    p.mostly(Fault.MEMBERSHIP, Fault.BOUNCE, Fault.DISCONNECT, Fault.SLOW_LINK);
  }

  /** Epochs one upon the other: what is late is of an older one. */
  private static void promotions(Profile p, SplittableRandom random) {
    p.cluster(3 + random.nextInt(2), 2, 3, 150);
    p.faults = 30;
    p.steadyReads = true;
    p.clients = 8;
    p.pipelining = 0.3;
    p.ambushPromotions = 0.5;
    p.ambushAppends = 0.002;
    p.ambushDropped = 0.7;
    p.frameBytes = SMALL_FRAME;
    p.mostly(Fault.PAUSE, Fault.SLOW_LINK, Fault.PARTITION, Fault.STALL, Fault.MUFFLED_PRIMARY);
  }

  /** Primaries that are replaced, and lead again at once with what they had under way. */
  private static void returns(Profile p, SplittableRandom random) {
    p.cluster(3, 2, 2 + random.nextInt(2), 150);
    p.settings = p.settings.withTrustRefused(true);
    p.faults = 24;
    p.clients = 8;
    p.pipelining = 0.7;
    p.ambushReturns = 0.8;
    p.mostly(Fault.STRANDED_PRIMARY, Fault.STALL, Fault.PAUSE);
  }

  /** Starts that register late, twice, or with another disk. */
  private static void registrations(Profile p, SplittableRandom random) {
    p.cluster(3, 2, 2 + random.nextInt(2), random.nextInt(2) == 0 ? 150 : 350);
    p.faults = 30;
    p.wipes = true;
    p.ecsNodes = 3;
    p.ambushRegistrations = 0.5;
    p.mostly(Fault.BOUNCE, Fault.DISK, Fault.SLOW_LINK);
  }

  /** Writes that come again, also when much has come since. */
  private static void repeats(Profile p, SplittableRandom random) {
    p.cluster(3, 1, 2 + random.nextInt(2), 350);
    p.faults = 20;
    p.clients = 8;
    p.requestIds = true;
    p.mostly(Fault.FLUSH, Fault.BOUNCE, Fault.PAUSE, Fault.PARTITION);
  }

  /** Much goes through small logs, and copies fall behind. */
  private static void logs(Profile p, SplittableRandom random) {
    p.cluster(3, 2, 2 + random.nextInt(2), 1_000);
    p.faults = 30;
    p.clients = 8;
    p.logRetainBytes = 8_192L << random.nextInt(2);
    p.wallApartMicros = 3_000_000;
    p.slowFetches = true;
    p.mortals = 3;
    p.pipelining = 0.5;
    p.frameBytes = SMALL_FRAME;
    p.ambushNewFiles = 0.1;
    p.mostly(Fault.FLUSH, Fault.SLOW_LINK, Fault.PAUSE, Fault.CLOCK_JUMP);
  }

  /** Clocks run as they like: reads may be old, and nothing else may be wrong. */
  private static void clocks(Profile p, SplittableRandom random) {
    p.cluster(3, 2, 2 + random.nextInt(2), 350);
    p.faults = 30;
    p.rates = 0.8;
    p.mostly(Fault.PAUSE, Fault.STRANDED_PRIMARY, Fault.CLOCK_JUMP);
  }

  /** The ECS is away most of the time; people add and remove servers. */
  private static void outages(Profile p, SplittableRandom random) {
    p.cluster(3, 2, 2 + random.nextInt(2), 350);
    p.faults = 30;
    p.onlyEcsFails = true;
    p.ambush(0);
    p.weights.replaceAll((fault, weight) -> 0);
    p.weights.putAll(Map.of(Fault.ECS_OUTAGE, 3, Fault.ECS_ELECTION, 3, Fault.MEMBERSHIP, 4, Fault.FLUSH, 1));
  }
}
