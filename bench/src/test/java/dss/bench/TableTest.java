package dss.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableTest {
  private static final List<String> LINES = List.of("servers,client,operation,ms", "1,kept,put,200", "",
      "1,kept,get,90", "5, kept ,put,210.5", "5,kept,get,95");

  @TempDir
  Path directory;

  @Test
  void series_areNamedByTheColumnsThatTellThemApart_inTheOrderOfTheRows() {
    var series = Table.parse(LINES).series("servers", "ms", List.of("client", "operation"));
    assertThat(series.keySet()).containsExactly("kept, put", "kept, get");
    assertThat(series.get("kept, put"))
        .isEqualTo(new Table.Series(List.of(1.0, 5.0), List.of(200.0, 210.5)));
  }

  @Test
  void withoutSuchColumns_allRowsAreOneSeries() {
    assertThat(Table.parse(LINES).series("servers", "ms", List.of())).containsOnlyKeys("ms");
  }

  @Test
  void whatIsNoTable_isRefusedInASentence() {
    assertThatThrownBy(() -> Table.parse(List.of("a,b")))
        .hasMessageContaining("a header and at least one row");
    assertThatThrownBy(() -> Table.parse(List.of("a,b", "1"))).hasMessageContaining("has 1 cells and not 2");
    assertThatThrownBy(() -> Table.parse(LINES).series("server", "ms", List.of()))
        .hasMessageContaining("no column 'server': there are servers, client");
    assertThatThrownBy(() -> Table.parse(LINES).series("client", "ms", List.of()))
        .hasMessageContaining("'kept' is not a number");
  }

  @Test
  void pictures_haveALineForEachSeries() throws IOException {
    Path svg = directory.resolve("p.svg");
    Path png = directory.resolve("p.png");
    TablePlot.write(Table.parse(LINES).series("servers", "ms", List.of("operation")), "a title", "servers",
        "ms", List.of(svg, png));
    assertThat(Files.readString(svg)).contains("<svg").contains("<path");
    assertThat(Files.readAllBytes(png)).startsWith(0x89, 'P', 'N', 'G');
    assertThat(Files.size(svg)).isLessThan(200_000);
  }
}
