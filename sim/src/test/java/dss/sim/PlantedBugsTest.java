package dss.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.planted.PlantedBug;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The simulator's teeth: each rule broken on purpose is caught, by the seed and the check that docs/replication.md names. */
class PlantedBugsTest {
  @ParameterizedTest
  @CsvSource({"ACK_BEFORE_OWN_FSYNC, 1, before it was on its disk",
      "ACK_BEFORE_BACKUP_DURABLE, 1, is in sync",
      "BACKUP_ANSWERS_BEFORE_FSYNC, 1, is in sync",
      "READ_WITHOUT_LEASE, 1, two servers could read",
      "LEASE_REPLY_NOT_HELD, 1, two servers could read",
      "NO_GRACE_AFTER_RESTART, 4, two servers could read",
      "BARRIER_IGNORED, 1, two servers could read",
      "ASKED_LEARNER_NOT_EFFECTIVE_FOR_WRITES, 1, is in sync",
      "ASKED_LEARNER_NOT_EFFECTIVE_FOR_READS, 30, two servers could read",
      "SERVES_BEFORE_LOG_COMMITTED, 1, not linearizable",
      "CONFLICTS_NOT_CUT, 1, commits another entry",
      "APPLIED_BEFORE_COMMITTED, 3, commits another entry",
      "PART_BEFORE_REGISTRATION, 1, made primary with a copy",
      "ASK_WITHOUT_ANSWER_FORGOTTEN, 1, is in sync",
      "BOOT_COUNTS_UNREGISTERED_STARTS, 2, is in sync",
      "FAILED_CAS_ANSWERED_AT_ONCE, 2, not linearizable",
      "REPEAT_IS_NEW, 1, not linearizable",
      "SET_IN_SYNC_WITHOUT_COMPARE, 64, is in sync",
      "SET_IN_SYNC_WITHOUT_BOOTS, 3, is in sync",
      "PROMOTE_OUTSIDE_IN_SYNC, 4, is in sync",
      "PROMOTE_THROWS_OUT_OLD_PRIMARY, 1, is in sync",
      "WIPED_DISK_ACCEPTED, 1, made primary with a copy",
      "ROLLED_BACK_DISK_ACCEPTED, 2, another start has registered",
      "EQUAL_BOOT_IS_REPEAT, 2, another start has registered",
      "REPEATED_REGISTER_STRIPS, 3, came twice",
      "NO_NEW_EPOCH_FOR_NEW_BOOT, 2, two creators",
      "WANT_KEEPS_EPOCH, 1, not healed",
      "ECS_COUNTS_OUTAGE_AS_SILENCE, 1, looks dead",
      "FORGOTTEN_IS_NEW, 18, not linearizable",
      "BARRIER_ONLY_LAST_PRIMARY, 78, two servers could read", "NO_EPOCH_CHECK_ON_APPEND, 80, is in sync"})
  void brokenRule_isCaught(PlantedBug bug, long seed, String check) {
    Simulation.Outcome outcome = Planted.run(bug, seed);
    assertThat(outcome.violation()).contains(check);
  }
}
