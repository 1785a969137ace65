package dss.bench;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A report as one JSON document, for scripts: fields are only ever added. docs/bench.md has them. Stateless. */
public final class ReportJson {
  private ReportJson() {}

  public static String text(BenchReport report) throws IOException {
    return JSON.std.asString(document(report));
  }

  private static Map<String, Object> document(BenchReport report) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("started", report.started().toString());
    fields.put("cluster", report.cluster());
    fields.put("servers", report.servers().stream().map(Endpoint::toString).toList());
    fields.put("settings", settings(report));
    fields.put("seconds", rounded(report.seconds()));
    fields.put("warmupOperations", report.warmupOperations());
    fields.put("fillSeconds", report.fill() == null ? -1 : rounded(report.fill()));
    kind(report.all()).forEach((name, value) -> {
      if (!name.equals("kind")) {
        fields.put(name, value);
      }
    });
    fields.put("kinds", report.kinds().stream().map(ReportJson::kind).toList());
    fields.put("errorsByWord", report.errors());
    fields.put("retriesByWord", report.retries());
    fields.put("redirects", report.redirects());
    fields.put("reconnects", report.reconnects());
    fields.put("unsent", report.unsent());
    fields.put("unanswered", report.unanswered());
    fields.put("clientCpu", cpu(report, report.cpu().process()));
    fields.put("clientLoopsCpu", cpu(report, report.cpu().loops()));
    fields.put("serverCpu", report.cpu().servers().entrySet().stream()
        .map(one -> server(report, one.getKey(), one.getValue())).toList());
    fields.put("worstSecond", report.worstSecond().map(ReportJson::second).orElse(Map.of()));
    fields.put("perSecond", perSecond(report));
    fields.put("stages", report.stages().stream().map(ReportJson::stage).toList());
    return fields;
  }

  private static Map<String, Object> settings(BenchReport report) {
    Load load = report.settings().load();
    KeySpace keys = report.settings().keySpace();
    var fields = new LinkedHashMap<String, Object>();
    fields.put("protocol", report.settings().protocol().word());
    fields.put("mix", load.mix().toString());
    fields.put("connections", report.connections());
    fields.put("clients", load.clients().roam() ? load.connections() : 0);
    fields.put("reconnect", load.clients().reconnect());
    fields.put("pipeline", load.pipeline());
    fields.put("threads", load.threads());
    fields.put("rate", load.rate());
    fields.put("requests", load.requests());
    fields.put("seconds", load.time().toMillis() / 1000.0);
    fields.put("warmupSeconds", load.warmup().toMillis() / 1000.0);
    fields.put("timeoutSeconds", load.timeout().toMillis() / 1000.0);
    fields.put("fill", load.fill());
    fields.put("keys", keys.keys());
    fields.put("distribution", keys.distribution().word());
    fields.put("zipf", keys.zipf());
    fields.put("prefix", keys.prefix());
    fields.put("size", keys.valueBytes());
    fields.put("seed", report.settings().seed());
    return fields;
  }

  private static Map<String, Object> kind(KindReport kind) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("kind", kind.kind());
    fields.put("operations", kind.operations());
    fields.put("opsPerSecond", rounded(kind.opsPerSecond()));
    fields.put("meanMs", rounded(kind.meanMs()));
    fields.put("p50Ms", rounded(kind.p50Ms()));
    fields.put("p95Ms", rounded(kind.p95Ms()));
    fields.put("p99Ms", rounded(kind.p99Ms()));
    fields.put("p999Ms", rounded(kind.p999Ms()));
    fields.put("maxMs", rounded(kind.maxMs()));
    fields.put("errors", kind.errors());
    fields.put("absent", kind.absent());
    return fields;
  }

  private static Map<String, Object> cpu(BenchReport report, double seconds) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("seconds", rounded(seconds));
    fields.put("secondsPerMillion", rounded(report.perMillion(seconds)));
    return fields;
  }

  private static Map<String, Object> server(BenchReport report, long pid, double seconds) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("pid", pid);
    fields.putAll(cpu(report, seconds));
    return fields;
  }

  private static List<Map<String, Object>> perSecond(BenchReport report) {
    return report.perSecond().stream().map(ReportJson::second).toList();
  }

  private static Map<String, Object> stage(StageReport one) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("name", one.name());
    fields.put("seconds", one.seconds());
    fields.put("opsPerSecond", rounded(one.opsPerSecond()));
    fields.put("p50Ms", rounded(one.p50Ms()));
    fields.put("p99Ms", rounded(one.p99Ms()));
    fields.put("p999Ms", rounded(one.p999Ms()));
    fields.put("maxMs", rounded(one.maxMs()));
    fields.put("worstSecondOperations", one.worst());
    fields.put("gapMs", rounded(one.gapMs()));
    fields.put("errors", one.errors());
    return fields;
  }

  private static Map<String, Object> second(Second one) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("second", one.second());
    fields.put("operations", one.operations());
    fields.put("errors", one.errors());
    fields.put("p50Ms", rounded(one.p50Ms()));
    fields.put("p99Ms", rounded(one.p99Ms()));
    fields.put("maxMs", rounded(one.maxMs()));
    return fields;
  }

  /** To a thousandth: a microsecond of a latency. */
  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
