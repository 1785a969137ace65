package dss.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SimulationTest {
  private static final int SEEDS = 200;

  @Test
  void twoHundredSeeds_violateNothing() {
    var told = new ByteArrayOutputStream();
    long violations = new SimRun(new PrintStream(told, true, StandardCharsets.UTF_8), (done, all) -> {})
        .seeds(Profile.MIXED, 1, SEEDS, false);
    String text = told.toString(StandardCharsets.UTF_8);
    System.out.print(text);
    assertThat(violations).as(text).isZero();
  }

  /** A cluster that is never founded violates nothing. */
  @Test
  void inEachProfile_clientsAreAnswered() {
    for (String profile : Profile.names()) {
      long operations = 0;
      for (long seed = 1; seed <= 10; seed++) {
        operations += Simulation.run(Scenario.of(profile, seed)).operations();
      }
      assertThat(operations).as(profile).isGreaterThan(1_000);
    }
  }

  @Test
  void sameSeed_givesTheSameTrace() {
    for (long seed = 1000; seed < 1005; seed++) {
      Simulation.Outcome first = Simulation.run(Scenario.of(Profile.MIXED, seed));
      Simulation.Outcome second = Simulation.run(Scenario.of(Profile.MIXED, seed));
      assertThat(second.hash()).as("seed " + seed).isEqualTo(first.hash());
      assertThat(second.trace()).isEqualTo(first.trace());
    }
  }

  @Test
  void otherSeeds_giveOtherTraces() {
    assertThat(Simulation.run(Scenario.of(Profile.MIXED, 1)).hash())
        .isNotEqualTo(Simulation.run(Scenario.of(Profile.MIXED, 2)).hash());
  }
}
