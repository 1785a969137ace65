package dss.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What all loops measured in one phase. Loops add to it once a second. Safe for any thread. */
final class Totals {
  private static final class OpenSecond {
    final Histogram latencies;
    long errors;
    int loops;
    /** With several loops the gap of all of them is not known: at most the smallest of theirs. */
    long gap = Long.MAX_VALUE;
    boolean whole = true;

    OpenSecond(Histogram latencies) {
      this.latencies = latencies;
    }
  }

  private final int loops;
  private final Histogram[] byKind = Latencies.byKind();
  private final List<Second> seconds = new ArrayList<>();
  private final TreeMap<Integer, OpenSecond> open = new TreeMap<>();
  /** Histograms of seconds that are over: they are large. */
  private final ArrayList<Histogram> spare = new ArrayList<>();
  private final @Nullable Stages stages;
  private final Map<String, StageReport.Sum> byStage = new LinkedHashMap<>();
  private long operations;

  Totals(int loops) {
    this(loops, null);
  }

  /** @param stages what seconds are named; null: nothing */
  Totals(int loops, @Nullable Stages stages) {
    this.loops = loops;
    this.stages = stages;
  }

  /** One loop's second is over, or ({@code whole} is false) the run in the middle of it. Each loop closes each second, in order, until it ends. */
  synchronized void close(int second, Histogram[] latencies, long errors, long gap, boolean whole) {
    OpenSecond one = open.computeIfAbsent(second,
        fresh -> new OpenSecond(spare.isEmpty() ? Latencies.create() : spare.remove(spare.size() - 1)));
    for (int kind = 0; kind < latencies.length; kind++) {
      if (latencies[kind].getTotalCount() > 0) {
        byKind[kind].add(latencies[kind]);
        one.latencies.add(latencies[kind]);
        operations += latencies[kind].getTotalCount();
      }
    }
    one.errors += errors;
    one.gap = Math.min(one.gap, gap);
    one.whole &= whole;
    if (++one.loops == loops) {
      finish(second, one);
      open.remove(second);
    }
  }

  private void finish(int second, OpenSecond one) {
    Histogram all = one.latencies;
    seconds.add(new Second(second, all.getTotalCount(), one.errors, Latencies.percentileMs(all, 50),
        Latencies.percentileMs(all, 99), Latencies.maxMs(all)));
    if (stages != null && one.loops == loops) {
      byStage.computeIfAbsent(stages.of(second), fresh -> new StageReport.Sum()).second(all, one.errors,
          one.gap, one.whole);
    }
    all.reset();
    spare.add(all);
  }

  /** All loops have ended: seconds that some had ended before are over too. */
  synchronized void end() {
    open.forEach(this::finish);
    open.clear();
  }

  /** In the order of their first seconds; none where none are named. */
  synchronized List<StageReport> stages() {
    return byStage.entrySet().stream().map(stage -> stage.getValue().report(stage.getKey())).toList();
  }

  synchronized List<Second> seconds() {
    return List.copyOf(seconds);
  }

  /** Those of seconds that are over. */
  synchronized long operations() {
    return operations;
  }

  /** Latencies of one kind; to be read only after {@link #end}. */
  synchronized Histogram latencies(Kind kind) {
    return byKind[kind.ordinal()];
  }
}
