package dss.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  @TempDir
  Path directory;

  private static BenchReport report() {
    var load = new Load(Mix.parse("get=1,set=1"), 50, 1, 1, 0, 0, Duration.ofSeconds(2), Duration.ZERO,
        Duration.ofSeconds(5), false, Load.Clients.USUAL);
    var settings = new BenchSettings(Protocol.REDIS, List.of(new Endpoint("127.0.0.1", 7001)), load,
        new KeySpace(1000, Distribution.UNIFORM, 0.99, 100), List.of(17L, 18L), 1);
    Histogram latencies = Latencies.create();
    for (int i = 1; i <= 1000; i++) {
      Latencies.record(latencies, i * 10_000L);
    }
    KindReport get = KindReport.of("get", latencies, 2, 3, 4);
    KindReport set = KindReport.of("set", Latencies.create(), 2, 0, 0);
    return new BenchReport(settings, Instant.EPOCH, true, List.of(new Endpoint("127.0.0.1", 7001)), 50, 2,
        List.of(get, set), KindReport.of("all", latencies, 2, 3, 4), Map.of("OOM", 3L),
        Map.of("OOM", "OOM disk"), Map.of("TRYAGAIN", 5L), 6, 1, 0, 0,
        List.of(new Second(0, 600, 3, 5, 9.9, 10), new Second(1, 400, 0, 5, 8, 9)),
        List.of(new StageReport("adding", 2, 500, 5, 9, 9.9, 10, 400, 0.7, 3)),
        new BenchReport.Cpu(0.008, 0.006, Map.of(17L, 0.02)), 70, null);
  }

  @Test
  void json_hasTheFiguresOfAllOfEachKindAndOfEachSecond() throws IOException {
    Map<String, Object> json = JSON.std.mapFrom(ReportJson.text(report()));
    assertThat(json).containsEntry("operations", 1000).containsEntry("opsPerSecond", 500.0)
        .containsEntry("p50Ms", 5.001).containsEntry("errors", 3).containsEntry("redirects", 6)
        .containsEntry("reconnects", 1).containsEntry("absent", 4).containsEntry("warmupOperations", 70);
    assertThat((double) json.getOrDefault("p99Ms", 0)).isBetween(9.89, 9.92);
    assertThat((List<?>) json.get("kinds")).hasSize(2);
    assertThat((List<?>) json.get("perSecond")).hasSize(2);
    assertThat(json.get("stages")).asString().contains("name=adding", "gapMs=0.7",
        "worstSecondOperations=400");
    assertThat(json.get("worstSecond")).isInstanceOf(Map.class).asString().contains("operations=400");
    assertThat(json.get("serverCpu")).asString().contains("pid=17", "secondsPerMillion=20.0");
    assertThat(json.get("errorsByWord")).isEqualTo(Map.of("OOM", 3));
  }

  @Test
  void text_isATable_andSaysWhatWentWrong() {
    String text = String.join("\n", ReportText.lines(report()));
    assertThat(text)
        .contains("get=1,set=1 to a cluster of one server, 50 connections, pipeline 1, closed loop")
        .containsPattern("get +1000 +500 +5\\.0").containsPattern("all +1000")
        .contains("Before, not measured: 70 operations")
        .contains("worst second  number 1: 400 ops").contains("8.0 s per million ops (6.0 of them")
        .contains("20.0 s per million ops, process 17").contains("process 18 has ended")
        .contains("3 OOM disk").contains("5 TRYAGAIN").contains("redirects     6");
  }

  @Test
  void csv_hasARowForEachSecond() throws IOException {
    Path file = directory.resolve("run.csv");
    ReportCsv.write(report(), file);
    assertThat(Files.readString(file)).isEqualTo(
        "second,operations,errors,p50_ms,p99_ms,max_ms\n0,600,3,5.000,9.900,10.000\n1,400,0,5.000,8.000,9.000\n");
  }

  @Test
  void pictures_areWhatTheirNamesSay() throws IOException {
    Path svg = directory.resolve("run.svg");
    Path png = directory.resolve("run.png");
    ReportPlot.write(report(), svg);
    ReportPlot.write(report(), png);
    assertThat(Files.readString(svg)).contains("<svg").contains("<path");
    assertThat(Files.readAllBytes(png)).startsWith(0x89, 'P', 'N', 'G');
    assertThat(Picture.is(Path.of("run.pdf"))).isFalse();
  }

  @Test
  void cpuTime_isReadBehindTheName_withThatOfChildrenThatEnded() {
    assertThat(CpuMeter.seconds("17 (a ) b) S 1 2 3 4 5 6 7 8 9 10 250 150 60 40 20")).isEqualTo(5.0);
  }
}
