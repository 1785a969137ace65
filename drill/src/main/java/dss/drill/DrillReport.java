package dss.drill;

import dss.drill.SharedKeys.Seen;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What a drill did, what its clients saw, and whether all was as promised.
 *
 * @param strikes in their order
 * @param clients of the recorded load
 * @param operations answered, in all rounds
 * @param checked operations whose order was looked for
 * @param unknown of those, how many of unknown fate
 * @param writes acknowledged to the ledger's client
 * @param faults what is wrong, a line each; none: all was as promised
 * @param history where the history lies, or null
 */
public record DrillReport(List<Strike> strikes, List<Seen> clients, long operations, long checked,
    long unknown,
    long writes, Histogram latency, List<String> faults, double seconds, @Nullable String history) {
  /**
   * One fault.
   *
   * @param what was done
   * @param atSeconds since the drill began
   * @param ownGapMs the longest time that one of DSS's own clients had no answer, until all was mended
   * @param bareGapMs the same of the bare clients
   * @param mendedMs from the fault's end until all copies were in sync again
   */
  public record Strike(FaultKind kind, String what, double atSeconds, long ownGapMs, long bareGapMs,
      long mendedMs) {}

  public DrillReport {
    strikes = List.copyOf(strikes);
    clients = List.copyOf(clients);
    faults = List.copyOf(faults);
  }

  public boolean isGood() {
    return faults.isEmpty();
  }

  private static Map<String, Integer> sum(List<Map<String, Integer>> counts) {
    var sum = new TreeMap<String, Integer>();
    counts.forEach(each -> each.forEach((what, count) -> sum.merge(what, count, Integer::sum)));
    return sum;
  }

  private Map<String, Integer> refused(boolean own) {
    return sum(clients.stream().filter(seen -> seen.own() == own).map(Seen::notDone).toList());
  }

  private Map<String, Integer> unknowns(boolean own) {
    return sum(clients.stream().filter(seen -> seen.own() == own).map(Seen::unknown).toList());
  }

  private Map<String, Integer> counts() {
    var counts = new TreeMap<String, Integer>();
    strikes.forEach(strike -> counts.merge(strike.kind().toString(), 1, Integer::sum));
    return counts;
  }

  /** For people. */
  public String text() {
    var out = new StringBuilder();
    out.append(String.format("%nfaults           %d in %.0f s: %s%n", strikes.size(), seconds, counts()));
    out.append(
        String.format("longest wait     DSS's clients %d ms, bare clients %d ms, mended in at most %d ms%n",
            strikes.stream().mapToLong(Strike::ownGapMs).max().orElse(0),
            strikes.stream().mapToLong(Strike::bareGapMs).max().orElse(0),
            strikes.stream().mapToLong(Strike::mendedMs).max().orElse(0)));
    out.append(String.format("operations       %d answered, %d writes in the ledger%n", operations, writes));
    out.append(
        String.format("latency ms       p50 %.1f  p99 %.1f  p99.9 %.1f  max %.1f%n", ms(50), ms(99), ms(99.9),
            latency.getMaxValue() / 1000.0));
    out.append(
        String.format("bare clients     refused %s, of unknown fate %s%n", refused(false), unknowns(false)));
    out.append(
        String.format("DSS's clients    refused %s, of unknown fate %s%n", refused(true), unknowns(true)));
    out.append(
        String.format("order            %d operations checked, %d of unknown fate%n", checked, unknown));
    faults.forEach(fault -> out.append("WRONG            ").append(fault).append('\n'));
    out.append("verdict          ").append(isGood()
        ? "nothing acknowledged is lost, every answer fits one order\n"
        : faults.size() + " things are wrong\n");
    if (history != null) {
      out.append("history          ").append(history).append('\n');
    }
    return out.toString();
  }

  private double ms(double percentile) {
    return latency.getValueAtPercentile(percentile) / 1000.0;
  }

  /** For scripts. */
  public Map<String, Object> json() {
    var json = new LinkedHashMap<String, Object>();
    json.put("good", isGood());
    json.put("seconds", seconds);
    json.put("faults", counts());
    json.put("operations", operations);
    json.put("writes", writes);
    json.put("checked", checked);
    json.put("unknown", unknown);
    json.put("latencyMs", Map.of("p50", ms(50), "p99", ms(99), "p999", ms(99.9), "max",
        latency.getMaxValue() / 1000.0));
    json.put("refused", Map.of("bare", refused(false), "own", refused(true)));
    json.put("unknownFate", Map.of("bare", unknowns(false), "own", unknowns(true)));
    json.put("wrong", faults);
    var lines = new ArrayList<Map<String, Object>>();
    for (Strike strike : strikes) {
      var line = new LinkedHashMap<String, Object>();
      line.put("kind", strike.kind().toString());
      line.put("what", strike.what());
      line.put("at", strike.atSeconds());
      line.put("ownGapMs", strike.ownGapMs());
      line.put("bareGapMs", strike.bareGapMs());
      line.put("mendedMs", strike.mendedMs());
      lines.add(line);
    }
    json.put("strikes", lines);
    if (history != null) {
      json.put("history", history);
    }
    return json;
  }
}
