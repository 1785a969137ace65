package dss.sim;

import dss.core.planted.PlantedBug;
import dss.core.planted.PlantedBugs;
import java.util.EnumSet;
import java.util.Map;
import java.util.TreeMap;

/** Runs many seeds and says what came of them. */
public final class SimMain {
  private SimMain() {}

  public static void main(String[] args) {
    long seeds = Long.parseLong(args[0]);
    long from = args.length > 1 ? Long.parseLong(args[1]) : 1;
    var bugs = EnumSet.noneOf(PlantedBug.class);
    if (args.length > 2 && !args[2].isEmpty()) {
      bugs.add(PlantedBug.valueOf(args[2]));
    }
    var planted = PlantedBugs.of(bugs);
    Map<String, Integer> kinds = new TreeMap<>();
    Map<String, Integer> faults = new TreeMap<>();
    int violations = 0;
    long operations = 0;
    long refused = 0;
    long promotions = 0;
    long handovers = 0;
    int lost = 0;
    long began = System.nanoTime();
    for (long seed = from; seed < from + seeds; seed++) {
      Simulation.Outcome outcome = Simulation.run(seed, planted);
      operations += outcome.operations();
      refused += outcome.refused();
      promotions += outcome.promotions();
      handovers += outcome.handovers();
      lost += outcome.lost() > 0 ? 1 : 0;
      outcome.faults().forEach((k, n) -> faults.merge(k, n, Integer::sum));
      if (outcome.violation() != null) {
        violations++;
        kinds.merge(outcome.violation().replaceAll("[0-9]+", "N"), 1, Integer::sum);
        if (violations <= 5 && bugs.isEmpty()) {
          System.out.println("seed " + seed + ": " + outcome.violation());
        }
        if (seeds == 1) {
          outcome.trace().forEach(System.out::println);
        }
      }
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    kinds.forEach((kind, count) -> System.out.println(count + " x " + kind));
    System.out.printf("seeds %d violations %d  %.0f seeds/s, operations %d refused %d promotions %d handovers %d lost %d %s%n",
      seeds, violations, seeds / seconds, operations, refused, promotions, handovers, lost, faults);
  }
}
