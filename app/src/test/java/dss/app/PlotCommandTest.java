package dss.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlotCommandTest {
  @TempDir
  Path directory;
  private final CommandRun command = new CommandRun();
  private Path table = Path.of("");

  @BeforeEach
  void write() throws IOException {
    table = Files.writeString(directory.resolve("t.csv"),
        "servers,operation,ms\n1,put,9\n5,put,10\n1,get,3\n");
  }

  private int run(String... words) {
    return command.run(new PlotCommand(), words);
  }

  @Test
  void allFilesAreDrawn() {
    Path png = directory.resolve("t.png");
    Path svg = directory.resolve("t.svg");
    assertThat(
        run(table.toString(), "--x", "servers", "--y", "ms", "--by", "operation", "--out", png + "," + svg))
        .isEqualTo(Exit.DONE);
    assertThat(png).isNotEmptyFile();
    assertThat(svg).isNotEmptyFile();
  }

  @Test
  void whatCannotBeDrawn_isSaidInASentence() {
    String svg = directory.resolve("t.svg").toString();
    assertThat(run(table.toString(), "--x", "servers", "--y", "s", "--out", svg)).isEqualTo(Exit.REFUSED);
    assertThat(command.said()).contains("t.csv: no column 's': there are servers, operation, ms");
    assertThat(run(table.toString(), "--x", "servers", "--y", "ms", "--out", "t.pdf")).isEqualTo(Exit.USAGE);
    assertThat(command.said()).contains("FILE.png or FILE.svg, not t.pdf");
    assertThat(run(directory.resolve("none.csv").toString(), "--x", "a", "--y", "b", "--out", svg))
        .isEqualTo(Exit.REFUSED);
  }
}
