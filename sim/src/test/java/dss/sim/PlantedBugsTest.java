package dss.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.planted.PlantedBug;
import dss.core.planted.PlantedBugs;
import java.util.EnumSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The simulator's teeth: each rule broken on purpose is caught, by the seed and the check that docs/replication.md names. */
class PlantedBugsTest {
  @ParameterizedTest
  @CsvSource({"ACK_BEFORE_OWN_FSYNC, 1, before it was on its disk",
      "ACK_BEFORE_BACKUP_DURABLE, 1, is in sync",
      "BACKUP_ANSWERS_BEFORE_FSYNC, 1, is in sync", "READ_WITHOUT_LEASE, 1, two servers could read",
      "LEASE_REPLY_NOT_HELD, 26, two servers could read", "BARRIER_IGNORED, 96, two servers could read",
      "BARRIER_ONLY_LAST_PRIMARY, 101, two servers could read",
      "ASKED_LEARNER_NOT_EFFECTIVE_FOR_WRITES, 18, is in sync",
      "SERVES_BEFORE_LOG_COMMITTED, 9, not linearizable",
      "CONFLICTS_NOT_CUT, 2, commits another entry", "APPLIED_BEFORE_COMMITTED, 37, is in sync",
      "PART_BEFORE_REGISTRATION, 3, not healed", "ASK_WITHOUT_ANSWER_FORGOTTEN, 18, is in sync",
      "BOOT_COUNTS_UNREGISTERED_STARTS, 7, not healed", "FAILED_CAS_ANSWERED_AT_ONCE, 2, not linearizable",
      "SET_IN_SYNC_WITHOUT_COMPARE, 3, is in sync", "PROMOTE_OUTSIDE_IN_SYNC, 2, is in sync",
      "WIPED_DISK_ACCEPTED, 1521, is in sync", "ROLLED_BACK_DISK_ACCEPTED, 73, another start has registered",
      "EQUAL_BOOT_IS_REPEAT, 156, another start has registered", "NO_NEW_EPOCH_FOR_NEW_BOOT, 2, two creators",
      "WANT_KEEPS_EPOCH, 5, not healed", "REPEAT_IS_NEW, 1, not linearizable",
      "FORGOTTEN_IS_NEW, 224, not linearizable"})
  void brokenRule_isCaught(PlantedBug bug, long seed, String check) {
    Simulation.Outcome outcome = Simulation.run(seed, PlantedBugs.of(EnumSet.of(bug)));
    assertThat(outcome.violation()).contains(check);
  }
}
