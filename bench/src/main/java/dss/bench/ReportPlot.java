package dss.bench;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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

  /** Draws the file anew. */
  public static void write(BenchReport report, Path file) throws IOException {
    Picture.withoutScreen();
    Picture.draw(chart(report), file);
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
