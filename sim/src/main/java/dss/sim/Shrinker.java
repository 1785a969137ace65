package dss.sim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a failing run down to the faults, ambushes and clients that it fails with: delta debugging (ddmin: Zeller,
 * Hildebrandt, Simplifying and Isolating Failure-Inducing Input, IEEE TSE 28(2), 2002) over what goes wrong, then fewer
 * clients, then an earlier end. What is left fails with the same kind of violation ({@link ViolationKind}), and with any
 * single fault or ambush less it does not, unless the bound on runs was reached before. All cores; the same scenario and
 * bound on as many cores give the same result.
 */
public final class Shrinker implements AutoCloseable {
  /** Told after each batch of runs. */
  public interface Progress {
    void tried(long runs, long most, int left);
  }

  /** A fault or an ambush. */
  private record Cause(boolean ambush, int number) {}

  private final long runsAtMost;
  private final Progress progress;
  private final int cores = Runtime.getRuntime().availableProcessors();
  private final ExecutorService pool = Executors.newFixedThreadPool(cores);
  private final Map<Kept, Boolean> known = new HashMap<>();
  private long runs;

  /** @param runsAtMost of the simulator; those that find the end of a history come on top of it, a dozen */
  public Shrinker(long runsAtMost, Progress progress) {
    this.runsAtMost = runsAtMost;
    this.progress = progress;
  }

  /** How often the simulator ran. */
  public long runs() {
    return runs;
  }

  /** Whether the bound on runs ended the search. */
  public boolean isCutShort() {
    return runs >= runsAtMost;
  }

  /** The least that fails as this scenario does; null: this one does not fail. */
  public @Nullable Scenario shrink(Scenario scenario) {
    Simulation.Outcome first = Simulation.run(scenario);
    runs++;
    if (first.violation() == null) {
      return null;
    }
    ViolationKind kind = ViolationKind.of(first.violation());
    List<Cause> causes = causes(scenario, first);
    Scenario least = scenario.with(keeping(scenario.kept(), causes));
    if (!fails(least, kind)) {
      throw new IllegalStateException("the same run went another way: " + least.command());
    }
    least = ddmin(least, causes, kind);
    Scenario fewer = fewerClients(least, kind);
    if (!fewer.equals(least)) {
      least = ddmin(fewer, causesOf(fewer.kept()), kind);
    }
    return Ending.cut(least);
  }

  /** All that struck before the violation, in the order of time; ambushes have theirs by their number alone. */
  private static List<Cause> causes(Scenario scenario, Simulation.Outcome outcome) {
    Profile profile = Profile.of(scenario.profile(), scenario.seed());
    var causes = new ArrayList<Cause>();
    Schedule.planned(profile, scenario.seed()).stream()
        .filter(f -> scenario.kept().fault(f.index()) && f.at() <= outcome.virtualMicros())
        .sorted(Comparator.comparingLong(Schedule.Planned::at))
        .forEach(f -> causes.add(new Cause(false, f.index())));
    IntStream.range(0, outcome.ambushes()).filter(scenario.kept()::ambush)
        .forEach(i -> causes.add(new Cause(true, i)));
    return causes;
  }

  private static List<Cause> causesOf(Kept kept) {
    var causes = new ArrayList<Cause>();
    if (kept.faults() != null && kept.ambushes() != null) {
      kept.faults().forEach(i -> causes.add(new Cause(false, i)));
      kept.ambushes().forEach(i -> causes.add(new Cause(true, i)));
    }
    return causes;
  }

  private static Kept keeping(Kept of, List<Cause> causes) {
    var faults = new TreeSet<Integer>();
    var ambushes = new TreeSet<Integer>();
    causes.forEach(cause -> (cause.ambush ? ambushes : faults).add(cause.number));
    return new Kept(faults, ambushes, of.clients(), of.untilMicros());
  }

  private Scenario ddmin(Scenario failing, List<Cause> all, ViolationKind kind) {
    List<Cause> left = all;
    if (firstFailing(failing, List.of(List.of()), kind) == 0) {
      return failing.with(keeping(failing.kept(), List.of()));
    }
    for (int parts = 2; left.size() >= 2 && !isCutShort();) {
      List<List<Cause>> subsets = split(left, parts);
      List<List<Cause>> tries = new ArrayList<>(subsets);
      for (List<Cause> subset : subsets) {
        tries.add(without(left, subset));
      }
      int found = firstFailing(failing, tries, kind);
      if (found < 0 && parts >= left.size()) {
        break;
      }
      parts = found < 0 ? 2 * parts : found < subsets.size() ? 2 : Math.max(2, parts - 1);
      left = found < 0 ? left : tries.get(found);
      parts = Math.min(parts, Math.max(2, left.size()));
    }
    return failing.with(keeping(failing.kept(), left));
  }

  private static List<List<Cause>> split(List<Cause> all, int parts) {
    return IntStream.range(0, parts)
        .mapToObj(i -> all.subList(i * all.size() / parts, (i + 1) * all.size() / parts))
        .filter(part -> !part.isEmpty()).map(List::copyOf).toList();
  }

  private static List<Cause> without(List<Cause> all, List<Cause> some) {
    Set<Cause> gone = Set.copyOf(some);
    return all.stream().filter(cause -> !gone.contains(cause)).toList();
  }

  private Scenario fewerClients(Scenario failing, ViolationKind kind) {
    int now = Math.min(failing.kept().clients(), Profile.of(failing.profile(), failing.seed()).clients);
    List<Kept> tries = IntStream.range(0, now).mapToObj(failing.kept()::withClients).toList();
    int found = first(failing, tries, kind);
    return found < 0 ? failing : failing.with(tries.get(found));
  }

  private int firstFailing(Scenario of, List<List<Cause>> tries, ViolationKind kind) {
    return first(of, tries.stream().map(causes -> keeping(of.kept(), causes)).toList(), kind);
  }

  /** The place of the first of these that fails; -1: none does, as far as the bound lets see. All cores at once. */
  private int first(Scenario of, List<Kept> tries, ViolationKind kind) {
    for (int from = 0; from < tries.size() && !isCutShort(); from += cores) {
      List<Kept> batch = tries.subList(from, Math.min(tries.size(), from + cores));
      Map<Kept, Future<Boolean>> results = new LinkedHashMap<>();
      for (Kept kept : batch) {
        if (!known.containsKey(kept)) {
          results.computeIfAbsent(kept, k -> pool.submit(() -> fails(of.with(k), kind)));
        }
      }
      results.forEach((kept, result) -> known.put(kept, get(result)));
      runs += results.size();
      progress.tried(runs, runsAtMost, size(batch.get(0)));
      for (int i = 0; i < batch.size(); i++) {
        if (Boolean.TRUE.equals(known.get(batch.get(i)))) {
          return from + i;
        }
      }
    }
    return -1;
  }

  private static int size(Kept kept) {
    return causesOf(kept).size();
  }

  private static boolean fails(Scenario scenario, ViolationKind kind) {
    String violation = Simulation.run(scenario).violation();
    return violation != null && ViolationKind.of(violation).equals(kind);
  }

  private static boolean get(Future<Boolean> result) {
    try {
      return result.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the simulator itself failed", e.getCause());
    }
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
