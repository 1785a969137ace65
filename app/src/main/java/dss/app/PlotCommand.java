package dss.app;

import dss.bench.Picture;
import dss.bench.Table;
import dss.bench.TablePlot;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "plot", mixinStandardHelpOptions = true, description = {
    "Draws columns of a CSV file, which has a header and no quotes, as lines over one another."}, footer = {
        "",
        "Example:  dss plot p1.csv --x servers --y 'ms per 1000' --by client,operation --out p1.png,p1.svg"})
final class PlotCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "FILE.csv", description = "the figures")
  @SuppressWarnings("NullAway.Init")
  Path table;

  @Option(names = "--x", required = true, paramLabel = "COLUMN", description = "what the x axis shows")
  @SuppressWarnings("NullAway.Init")
  String x;

  @Option(names = "--y", required = true, paramLabel = "COLUMN", description = "what the y axis shows")
  @SuppressWarnings("NullAway.Init")
  String y;

  @Option(names = "--by", split = ",", paramLabel = "COLUMN", description = "a line for each different content of these (one line for all)")
  List<String> by = new ArrayList<>();

  @Option(names = "--title", paramLabel = "TEXT", description = "above the picture")
  String title = "";

  @Option(names = "--y-title", paramLabel = "TEXT", description = "beside the y axis (the name of its column)")
  @Nullable
  String yTitle;

  @Option(names = "--out", required = true, split = ",", paramLabel = "FILE.png|FILE.svg", description = "the pictures to draw")
  List<Path> out = new ArrayList<>();

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Override
  public Integer call() throws CommandFailed, IOException {
    for (Path file : out) {
      if (!Picture.is(file)) {
        throw new ParameterException(spec.commandLine(), "--out draws FILE.png or FILE.svg, not " + file);
      }
    }
    try {
      Map<String, Table.Series> series = Table.parse(Files.readAllLines(table)).series(x, y, by);
      TablePlot.write(series, title, x, yTitle == null ? y : yTitle, out);
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(Exit.REFUSED, table + ": " + e.getMessage());
    } catch (MalformedInputException e) {
      throw new CommandFailed(Exit.REFUSED, table + " is not text");
    }
    return Exit.DONE;
  }
}
