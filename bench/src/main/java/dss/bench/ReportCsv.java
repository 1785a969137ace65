package dss.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The seconds of a report as rows for a spreadsheet. Stateless. */
public final class ReportCsv {
  private static final String HEADER = "second,operations,errors,p50_ms,p99_ms,max_ms";

  private ReportCsv() {}

  /** Writes the file anew. */
  public static void write(BenchReport report, Path file) throws IOException {
    try (var out = Files.newBufferedWriter(file)) {
      out.write(HEADER + "\n");
      for (Second one : report.perSecond()) {
        out.write(String.format(Locale.ROOT, "%d,%d,%d,%.3f,%.3f,%.3f\n", one.second(), one.operations(),
            one.errors(), one.p50Ms(), one.p99Ms(), one.maxMs()));
      }
    }
  }
}
