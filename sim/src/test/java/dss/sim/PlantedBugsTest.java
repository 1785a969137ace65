package dss.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.planted.PlantedBug;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulator's teeth: each rule broken on purpose is seen within some seeds of the profile directed at it. */
class PlantedBugsTest {
  private static final int SEEDS = 400;

  @ParameterizedTest
  @EnumSource(PlantedBug.class)
  void brokenRule_isCaught(PlantedBug bug) {
    Simulation.Outcome outcome = Planted.caught(bug, SEEDS);
    assertThat(outcome).as("%s in %d seeds of %s", bug, SEEDS, Planted.profile(bug)).isNotNull();
  }
}
