package dss.sim;

import dss.core.planted.PlantedBug;
import dss.core.planted.PlantedBugs;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** All that a run depends on: the same scenario takes the same course, to the hash of its trace. */
public record Scenario(String profile, long seed, Set<PlantedBug> bugs, Kept kept) {
  public Scenario {
    bugs = Set.copyOf(bugs);
  }

  /** A whole run, without bugs on purpose. */
  public static Scenario of(String profile, long seed) {
    return new Scenario(profile, seed, Set.of(), Kept.ALL);
  }

  public Scenario with(Kept other) {
    return new Scenario(profile, seed, bugs, other);
  }

  PlantedBugs planted() {
    return bugs.isEmpty() ? PlantedBugs.NONE : PlantedBugs.of(EnumSet.copyOf(bugs));
  }

  /** What runs exactly this again. */
  public String command() {
    String planted = bugs.stream().map(Enum::name).sorted().collect(Collectors.joining(","));
    return String.format(Locale.ROOT, "dss sim --replay %d --profile %s%s%s", seed, profile,
        planted.isEmpty() ? "" : " --planted " + planted, kept.options());
  }
}
