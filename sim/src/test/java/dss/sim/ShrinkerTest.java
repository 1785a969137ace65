package dss.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.planted.PlantedBug;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ShrinkerTest {
  private static final long SEEDS = 100;
  private static final long RUNS = 300;

  private static Scenario failing(PlantedBug bug) {
    return Planted.scenario(bug, Objects.requireNonNull(Planted.caught(bug, SEEDS)).seed());
  }

  private static Scenario shrunk(Scenario scenario) {
    try (var shrinker = new Shrinker(RUNS, (done, all, left) -> {})) {
      return Objects.requireNonNull(shrinker.shrink(scenario));
    }
  }

  private static ViolationKind kind(Scenario scenario) {
    return ViolationKind.of(String.valueOf(Simulation.run(scenario).violation()));
  }

  private static int size(Scenario scenario) {
    Kept kept = scenario.kept();
    return Objects.requireNonNull(kept.faults()).size() + Objects.requireNonNull(kept.ambushes()).size();
  }

  @Test
  void whatNeedsNoFault_isLeftWithNone() {
    Scenario scenario = failing(PlantedBug.ACK_BEFORE_OWN_FSYNC);
    Scenario least = shrunk(scenario);
    assertThat(size(least)).isZero();
    assertThat(least.kept().clients()).isLessThan(4);
    assertThat(kind(least)).isEqualTo(kind(scenario));
  }

  @Test
  void whatNeedsFaults_isLeftWithFew_andFailsInTheSameWayEachTime() {
    Scenario scenario = failing(PlantedBug.BARRIER_IGNORED);
    Scenario least = shrunk(scenario);
    assertThat(size(least)).isBetween(1, 8);
    assertThat(kind(least)).isEqualTo(kind(scenario));
    assertThat(Simulation.run(least).hash()).isEqualTo(Simulation.run(least).hash());
    assertThat(Simulation.run(least.with(Kept.ALL.withOnly(List.of("none")))).violation()).isNull();
    assertThat(
        Simulation.run(new Scenario(least.profile(), least.seed(), Set.of(), least.kept())).violation())
        .isNull();
  }

  @Test
  void aHistory_isCutAtTheFirstAnswerWithoutAnOrder() {
    Scenario scenario = failing(PlantedBug.REPEAT_IS_NEW);
    Scenario least = shrunk(scenario);
    long until = least.kept().untilMicros();
    assertThat(kind(least)).isEqualTo(kind(scenario));
    assertThat(Simulation.run(least.with(least.kept().withUntil(until - 1))).violation()).isNull();
    Telling told = Simulation.tell(least);
    assertThat(told.lines()).hasSizeLessThanOrEqualTo(200)
        .anyMatch(line -> line.contains("arrives, as attempt 2"));
  }

  @Test
  void whatDoesNotFail_isNotShrunk() {
    try (var shrinker = new Shrinker(RUNS, (done, all, left) -> {})) {
      assertThat(shrinker.shrink(Scenario.of(Profile.MIXED, 1))).isNull();
    }
  }

  @Test
  void withoutAnyFault_nothingFails() {
    for (long seed = 1; seed <= 10; seed++) {
      Scenario calm = Scenario.of(Profile.MIXED, seed).with(Kept.ALL.withOnly(List.of("none")));
      Simulation.Outcome outcome = Simulation.run(calm);
      assertThat(outcome.violation()).isNull();
      assertThat(outcome.faults().keySet()).as("what came by itself")
          .isSubsetOf(Effect.LATE_MESSAGE, Effect.OVERTAKING, Effect.OLD_STATE);
    }
  }

  @Test
  void whatIsKept_isSaidAsOptions() {
    Kept kept = new Kept(new TreeSet<>(Set.of(12, 3)), new TreeSet<>(Set.of(0)), 2, 4_000_001);
    assertThat(kept.options()).isEqualTo(" --only 3,12,a0 --clients 2 --until 4000.001");
    assertThat(Kept.ALL.withOnly(List.of("3", "12", "a0")).withClients(2).withUntil(4_000_001))
        .isEqualTo(kept);
    assertThat(Kept.ALL.options()).isEmpty();
    assertThat(Kept.ALL.withOnly(List.of("none")).options()).isEqualTo(" --only none");
    assertThat(Kept.ALL.withOnly(List.of("ambushes", "a7")).ambushes()).isNull();
  }

  @Test
  void violationsThatDifferInNumbersOnly_areOfOneKind() {
    assertSame("two servers could read shard 0: 0 and 1", "two servers could read shard 13: 2 and 1", true);
    assertSame("the history of key4 is not linearizable", "the history of {group0} is not linearizable",
        true);
    assertSame("the history of key4 is not linearizable", "the history of writes to key4 is not linearizable",
        false);
    assertSame("server 0 is in sync for shard 1 but it has only 162 of 163 on disk",
        "server 0 is in sync for shard 1 but its copy is ABSENT", false);
    assertSame("not healed: shard 3 is not as wanted: Row[epoch=1, inSync=[1]]",
        "not healed: shard 0 is not as wanted: Row[epoch=9, inSync=[1, 2]]", true);
    assertSame("server 1 applied entry 0:1/1 no-op effects 0 before it was on its disk",
        "server 2 applied entry 3:4/9 effects 2 before it was on its disk", true);
    assertSame(
        "exception java.lang.IllegalStateException: append of entry 0:1/1 at a.B.c(B.java:1) < a.D.e(D.java:2)",
        "exception java.lang.IllegalStateException: append of entry 1:1/8 at a.B.c(B.java:9) < a.D.e(D.java:3)",
        true);
    assertSame(
        "exception java.lang.IllegalStateException: append of entry 0:1/1 at a.B.c(B.java:1) < a.D.e(D.java:2)",
        "exception java.lang.NullPointerException at a.B.c(B.java:1) < a.D.e(D.java:2)", false);
  }

  private static void assertSame(String one, String other, boolean same) {
    assertThat(ViolationKind.of(one).equals(ViolationKind.of(other))).as(one + " and " + other)
        .isEqualTo(same);
  }
}
