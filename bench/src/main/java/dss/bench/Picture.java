package dss.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;

/** Files that charts are drawn to. Stateless. */
public final class Picture {
  private static final Pattern DECIMALS = Pattern.compile("(\\d\\.\\d\\d)\\d+");

  private Picture() {}

  /** Whether a picture of this name can be drawn: it ends in .png or .svg. */
  public static boolean is(Path file) {
    return isSvg(file) || name(file).endsWith(".png");
  }

  private static boolean isSvg(Path file) {
    return name(file).endsWith(".svg");
  }

  private static String name(Path file) {
    return file.toString().toLowerCase(Locale.ROOT);
  }

  /** To be called before a chart is made: there may be no screen. */
  static void withoutScreen() {
    System.setProperty("java.awt.headless", "true");
  }

  /** Draws the file anew. */
  static void draw(XYChart chart, Path file) throws IOException {
    var drawn = new ByteArrayOutputStream();
    ChartEncoder.saveChart(chart, drawn, isSvg(file) ? "svg" : "png");
    if (isSvg(file)) {
      // Letters are outlines with eight decimals: a hundredth of a pixel is as good, and half as long.
      String text = drawn.toString(StandardCharsets.UTF_8);
      Files.writeString(file, DECIMALS.matcher(text).replaceAll("$1"));
    } else {
      Files.write(file, drawn.toByteArray());
    }
  }
}
