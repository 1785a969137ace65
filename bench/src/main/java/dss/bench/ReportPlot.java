package dss.bench;

import java.awt.Color;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Throughput and the 99th percentile over the seconds of a report, as a picture. Stateless. */
public final class ReportPlot {
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 500;
  /** The axis of latencies, on the right. */
  private static final int RIGHT = 1;

  private ReportPlot() {}

  /** Whether a picture of this name can be drawn: it ends in .png or .svg. */
  public static boolean isPicture(Path file) {
    return isSvg(file) || name(file).endsWith(".png");
  }

  private static boolean isSvg(Path file) {
    return name(file).endsWith(".svg");
  }

  private static String name(Path file) {
    return file.toString().toLowerCase(Locale.ROOT);
  }

  /** Draws the file anew. */
  public static void write(BenchReport report, Path file) throws IOException {
    System.setProperty("java.awt.headless", "true");
    XYChart chart = chart(report);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      ChartEncoder.saveChart(chart, out, isSvg(file) ? "svg" : "png");
    }
  }

  private static XYChart chart(BenchReport report) {
    Load load = report.settings().load();
    XYChart chart = new XYChartBuilder().width(WIDTH).height(HEIGHT)
        .title(load.mix() + ", " + report.connections() + " connections, pipeline " + load.pipeline())
        .xAxisTitle("second").build();
    // The last one, where it is not whole, would look like a collapse.
    List<Second> seconds = report.perSecond().size() > 1 ? report.wholeSeconds() : report.perSecond();
    double[] x = seconds.stream().mapToDouble(Second::second).toArray();
    chart.addSeries("ops/s", x, seconds.stream().mapToDouble(Second::operations).toArray())
        .setMarker(SeriesMarkers.NONE);
    chart.addSeries("p99 ms", x, seconds.stream().mapToDouble(Second::p99Ms).toArray())
        .setMarker(SeriesMarkers.NONE).setYAxisGroup(RIGHT);
    chart.setYAxisGroupTitle(0, "operations a second");
    chart.setYAxisGroupTitle(RIGHT, "p99 ms");
    chart.getStyler().setYAxisGroupPosition(RIGHT, Styler.YAxisPosition.Right);
    chart.getStyler().setYAxisMin(0, 0.0).setYAxisMin(RIGHT, 0.0);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideSW);
    return chart;
  }
}
