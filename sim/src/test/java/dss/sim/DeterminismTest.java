package dss.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same scenario takes the same course: whatever ran before, whatever runs beside it, whoever reads along. */
class DeterminismTest {
  private static final int SEEDS = 3;

  private static List<Long> hashes(String profile) {
    return LongStream.rangeClosed(1, SEEDS).map(seed -> Simulation.run(Scenario.of(profile, seed)).hash())
        .boxed()
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mixed", "leases", "copies", "asks", "promotions", "registrations", "outages",
      "repeats"})
  void sameSeeds_giveTheSameHashes_alsoInTwoThreadsAtOnceAndAfterOthers(String profile) throws Exception {
    List<Long> alone = hashes(profile);
    Simulation.run(Scenario.of(Profile.MIXED, 77));
    List<Callable<List<Long>>> twice = List.of(() -> hashes(profile), () -> hashes(profile));
    try (var pool = Executors.newFixedThreadPool(2)) {
      for (Future<List<Long>> each : pool.invokeAll(twice)) {
        assertThat(each.get()).isEqualTo(alone);
      }
    }
  }

  @Test
  void readingAlong_changesNothing() {
    for (String profile : List.of("mixed", "promotions", "repeats")) {
      Scenario scenario = Scenario.of(profile, 5);
      assertThat(Simulation.tell(scenario).outcome().hash()).isEqualTo(Simulation.run(scenario).hash());
    }
  }

  @Test
  void leavingAFaultOut_changesNothingBeforeIt() {
    Scenario whole = Scenario.of("leases", 3);
    List<Schedule.Planned> planned = Schedule.planned(Profile.of("leases", 3), 3);
    for (Schedule.Planned fault : planned.subList(0, 5)) {
      var words = new ArrayList<>(List.of("ambushes"));
      planned.stream().filter(other -> !other.equals(fault)).forEach(f -> words.add("" + f.index()));
      long before = fault.at() - 1;
      Scenario without = whole.with(Kept.ALL.withOnly(words).withUntil(before));
      assertThat(Simulation.run(without).hash())
          .isEqualTo(Simulation.run(whole.with(Kept.ALL.withUntil(before))).hash());
    }
  }
}
