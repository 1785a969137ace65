package dss.bench;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The series of a table as lines of a picture. Stateless. */
public final class TablePlot {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 500;
  private static final String NUMBERS = "#,##0.###";

  private TablePlot() {}

  /** Draws the files anew; both axes begin at zero. */
  public static void write(Map<String, Table.Series> series, String title, String xTitle, String yTitle,
      Iterable<Path> files) throws IOException {
    Picture.withoutScreen();
    XYChart chart = new XYChartBuilder().width(WIDTH).height(HEIGHT).title(title).xAxisTitle(xTitle)
        .yAxisTitle(yTitle).build();
    series.forEach((name, one) -> chart.addSeries(name, one.x(), one.y()).setMarker(SeriesMarkers.CIRCLE));
    chart.getStyler().setXAxisMin(0.0).setYAxisMin(0.0);
    chart.getStyler().setXAxisDecimalPattern(NUMBERS).setYAxisDecimalPattern(NUMBERS);
    chart.getStyler().setMarkerSize(5);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    for (Path file : files) {
      Picture.draw(chart, file);
    }
  }
}
