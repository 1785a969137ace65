package dss.sim;

import dss.core.planted.PlantedBug;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The profile that is directed at each planted bug, and whether the simulator sees it there. */
public final class Planted {
  /** Each bug's seeds begin here. */
  public static final long FIRST_SEED = 1;

  private static final int AT_ONCE = 8;
  private static final Map<PlantedBug, String> PROFILES = new EnumMap<>(PlantedBug.class);

  static {
    direct("leases", PlantedBug.READ_WITHOUT_LEASE, PlantedBug.LEASE_FROM_RECEIPT,
        PlantedBug.LEASE_REPLY_NOT_HELD,
        PlantedBug.NO_GRACE_AFTER_RESTART, PlantedBug.BARRIER_IGNORED, PlantedBug.BARRIER_ONLY_LAST_PRIMARY);
    direct("returns", PlantedBug.READ_PUT_BACK_BEHIND_A_WRITE);
    direct("copies", PlantedBug.INTERRUPTED_COPY_IS_COMPLETE,
        PlantedBug.DURABLE_OF_OLDER_EPOCH,
        PlantedBug.WIPED_DISK_ACCEPTED, PlantedBug.WANT_KEEPS_EPOCH, PlantedBug.COPY_RANGE_NOT_WIPED);
    direct("asks", PlantedBug.ASKED_LEARNER_NOT_EFFECTIVE_FOR_READS,
        PlantedBug.ASKED_LEARNER_NOT_EFFECTIVE_FOR_WRITES,
        PlantedBug.ASK_WITHOUT_ANSWER_FORGOTTEN, PlantedBug.SET_IN_SYNC_WITHOUT_BOOTS,
        PlantedBug.SET_IN_SYNC_WITHOUT_COMPARE);
    direct("promotions", PlantedBug.DURABLE_IS_END_OF_LOG, PlantedBug.COMMITTED_TO_END_OF_LOG,
        PlantedBug.NO_EPOCH_CHECK_ON_APPEND,
        PlantedBug.CONFLICTS_NOT_CUT, PlantedBug.SERVES_BEFORE_LOG_COMMITTED,
        PlantedBug.PROMOTE_THROWS_OUT_OLD_PRIMARY, PlantedBug.OLD_STATE_ACCEPTED,
        PlantedBug.PENDING_KEPT_WHEN_CUT, PlantedBug.NO_FOR_A_WRITE_IN_THE_LOG);
    direct("registrations", PlantedBug.NONCE_REUSED, PlantedBug.REPEATED_REGISTER_STRIPS,
        PlantedBug.BOOT_COUNTS_UNREGISTERED_STARTS, PlantedBug.EQUAL_BOOT_IS_REPEAT,
        PlantedBug.ROLLED_BACK_DISK_ACCEPTED, PlantedBug.NO_NEW_EPOCH_FOR_NEW_BOOT,
        PlantedBug.PART_BEFORE_REGISTRATION, PlantedBug.GIVEN_UP_COPY_IS_COMPLETE);
    direct("repeats", PlantedBug.REPEAT_IS_NEW, PlantedBug.FORGOTTEN_IS_NEW);
    direct("logs", PlantedBug.APPLIED_POSITION_LOST, PlantedBug.LOG_TRUNCATED_TOO_EARLY,
        PlantedBug.RECYCLED_SEGMENT_READ, PlantedBug.SPARE_FILE_NOT_SYNCED, PlantedBug.TTL_BY_LOCAL_CLOCK,
        PlantedBug.PENDING_VISIBLE_TO_READ);
    direct("outages", PlantedBug.ECS_COUNTS_OUTAGE_AS_SILENCE,
        PlantedBug.NO_FULL_SLOW_FOR_NEW_EPOCH);
  }

  private Planted() {}

  private static void direct(String profile, PlantedBug... bugs) {
    for (PlantedBug bug : bugs) {
      PROFILES.put(bug, profile);
    }
  }

  /** The profile directed at it. */
  public static String profile(PlantedBug bug) {
    return PROFILES.getOrDefault(bug, Profile.MIXED);
  }

  /** The first outcome, within so many seeds of its profile, that shows something broken; null: none does. All cores. */
  public static Simulation.@Nullable Outcome caught(PlantedBug bug, long seeds) {
    for (long from = FIRST_SEED; from < FIRST_SEED + seeds; from += AT_ONCE) {
      var broken = LongStream.range(from, Math.min(from + AT_ONCE, FIRST_SEED + seeds)).parallel()
          .mapToObj(seed -> run(bug, seed)).filter(outcome -> outcome.violation() != null)
          .min(Comparator.comparingLong(Simulation.Outcome::seed));
      if (broken.isPresent()) {
        return broken.get();
      }
    }
    return null;
  }

  /** A seed of the profile that is directed at the bug. */
  static Scenario scenario(PlantedBug bug, long seed) {
    return new Scenario(profile(bug), seed, Set.of(bug), Kept.ALL);
  }

  /** One seed of the profile that is directed at the bug. */
  static Simulation.Outcome run(PlantedBug bug, long seed) {
    return Simulation.run(scenario(bug, seed));
  }
}
