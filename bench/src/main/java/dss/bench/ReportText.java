package dss.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A report for people: a table, and what there is to say beside it. Stateless. */
public final class ReportText {
  private ReportText() {}

  public static List<String> lines(BenchReport report) {
    var lines = new ArrayList<String>();
    lines.add(what(report));
    if (report.fill() != null) {
      lines.add(text("All keys were written once before, in %.1f s.", report.fill()));
    }
    if (report.warmupOperations() > 0) {
      lines.add(text("Before, not measured: %d operations to warm up.", report.warmupOperations()));
    }
    lines.add("");
    lines
        .add(text("%-9s %12s %10s %9s %9s %9s %9s %9s %9s %8s", "operation", "ops", "ops/s", "mean ms", "p50",
            "p95", "p99", "p99.9", "max", "errors"));
    report.kinds().forEach(kind -> lines.add(row(kind)));
    if (report.kinds().size() > 1) {
      lines.add(row(report.all()));
    }
    lines.add("");
    stages(lines, report.stages());
    report.worstSecond().ifPresent(worst -> lines.add(text("worst second  number %d: %d ops, p99 %.3f ms",
        worst.second(), worst.operations(), worst.p99Ms())));
    cpu(lines, report);
    troubles(lines, report);
    return lines;
  }

  private static String what(BenchReport report) {
    Load load = report.settings().load();
    KeySpace keys = report.settings().keySpace();
    String zipf = keys.distribution() == Distribution.ZIPF ? " " + keys.zipf() : "";
    return text("%s to %s, %s, pipeline %d%s, %s; %d B values, %d keys %s%s; %.2f s",
        load.mix(), report.cluster() ? servers(report) : "one server", connections(report), load.pipeline(),
        load.clients().reconnect() ? ", a new connection for each batch" : "",
        load.rate() == 0 ? "closed loop" : text("open loop at %.0f/s", load.rate()), keys.valueBytes(),
        keys.keys(), keys.distribution().word(), zipf, report.seconds());
  }

  private static String connections(BenchReport report) {
    Load load = report.settings().load();
    String clients = load.clients().roam()
        ? text("%d client%s with ", load.connections(), load.connections() == 1 ? "" : "s")
        : "";
    return clients + report.connections() + " connections";
  }

  private static String servers(BenchReport report) {
    int count = report.servers().size();
    if (report.settings().protocol() == Protocol.ETCD) {
      return count == 1 ? "an etcd of one member" : "an etcd of " + count + " members";
    }
    return count == 1 ? "a cluster of one server" : "a cluster of " + count + " servers";
  }

  private static String row(KindReport kind) {
    return text("%-9s %12d %10.0f %9.3f %9.3f %9.3f %9.3f %9.3f %9.3f %8d", kind.kind(), kind.operations(),
        kind.opsPerSecond(), kind.meanMs(), kind.p50Ms(), kind.p95Ms(), kind.p99Ms(), kind.p999Ms(),
        kind.maxMs(), kind.errors());
  }

  private static void stages(List<String> lines, List<StageReport> stages) {
    if (stages.isEmpty()) {
      return;
    }
    lines
        .add(text("%-12s %8s %10s %9s %9s %9s %9s %10s %9s %8s", "stage", "seconds", "ops/s", "p50 ms", "p99",
            "p99.9", "max", "worst s", "no reply", "errors"));
    stages.forEach(one -> lines.add(text("%-12s %8d %10.0f %9.3f %9.3f %9.3f %9.3f %10d %9.3f %8d",
        one.name(),
        one.seconds(), one.opsPerSecond(), one.p50Ms(), one.p99Ms(), one.p999Ms(), one.maxMs(), one.worst(),
        one.gapMs(), one.errors())));
    lines.add("");
  }

  private static void cpu(List<String> lines, BenchReport report) {
    BenchReport.Cpu cpu = report.cpu();
    lines.add(text("client CPU    %.1f s per million ops (%.1f of them the event loops)",
        report.perMillion(cpu.process()), report.perMillion(cpu.loops())));
    cpu.servers().forEach((pid, seconds) -> lines.add(text("server CPU    %.1f s per million ops, process %d",
        report.perMillion(seconds), pid)));
    if (cpu.servers().size() > 1) {
      double all = cpu.servers().values().stream().mapToDouble(Double::doubleValue).sum();
      lines.add(text("server CPU    %.1f s per million ops, all", report.perMillion(all)));
    }
    for (long pid : report.settings().pids()) {
      if (!cpu.servers().containsKey(pid)) {
        lines.add("server CPU    process " + pid + " has ended");
      }
    }
  }

  private static void troubles(List<String> lines, BenchReport report) {
    for (KindReport kind : report.kinds()) {
      if (kind.absent() > 0) {
        lines.add(text("absent        %d of the keys of %s (%.1f %%)", kind.absent(), kind.kind(),
            100.0 * kind.absent() / kind.operations()));
      }
    }
    counted(lines, "redirects     %d: slots had moved", report.redirects());
    counted(lines, "reconnects    %d", report.reconnects());
    if (!report.retries().isEmpty()) {
      lines.add("sent again    " + words(report.retries()));
    }
    report.errors().forEach((word, count) -> lines.add(
        "errors        " + count + " " + report.examples().getOrDefault(word, word)));
    counted(lines, "unsent        %d operations were due and could not be sent: the rate is too high",
        report.unsent());
    counted(lines, "unanswered    %d operations, five seconds after the end", report.unanswered());
  }

  private static void counted(List<String> lines, String format, long count) {
    if (count > 0) {
      lines.add(text(format, count));
    }
  }

  private static String words(Map<String, Long> counts) {
    return counts.entrySet().stream().map(one -> one.getValue() + " " + one.getKey())
        .collect(Collectors.joining(", "));
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
