package dss.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagesTest {
  private static final long MS = 1_000_000;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private Path file() {
    return directory.resolve("stage");
  }

  @Test
  void aSecondBelongsToWhatWasNamedLastInIt_andEndEnds() throws IOException {
    var stages = new Stages(file());
    stages.look(0);
    assertThat(stages.of(0)).isEqualTo("-");
    Files.writeString(file(), "before\n");
    stages.look(1);
    stages.look(2);
    Files.writeString(file(), "adding\n");
    stages.look(2);
    stages.look(3);
    assertThat(stages.of(0)).isEqualTo("-");
    assertThat(stages.of(1)).isEqualTo("before");
    assertThat(stages.of(2)).isEqualTo("adding");
    assertThat(stages.of(9)).isEqualTo("adding");
    assertThat(stages.ended()).isFalse();
    Files.writeString(file(), "end\n");
    stages.look(4);
    assertThat(stages.ended()).isTrue();
    assertThat(stages.of(4)).isEqualTo("adding");
  }

  @Test
  void totalsAreToldForEachStage_inTheirOrder() throws IOException {
    var stages = new Stages(file());
    Files.writeString(file(), "one");
    stages.look(0);
    Files.writeString(file(), "two");
    stages.look(2);
    var totals = new Totals(1, stages);
    totals.close(0, latencies(10, 5 * MS), 0, 3 * MS, true);
    totals.close(1, latencies(30, 5 * MS), 1, 9 * MS, true);
    totals.close(2, latencies(4, 50 * MS), 2, 900 * MS, true);
    totals.close(3, latencies(1, 70 * MS), 0, 5 * MS, false);
    totals.end();
    assertThat(totals.stages()).extracting(StageReport::name).containsExactly("one", "two");
    StageReport one = totals.stages().get(0);
    assertThat(one.opsPerSecond()).isEqualTo(20);
    assertThat(one.worst()).isEqualTo(10);
    assertThat(one.gapMs()).isEqualTo(9);
    assertThat(one.errors()).isEqualTo(1);
    assertThat(totals.stages().get(1).maxMs()).as("the piece of a second at the end too")
        .isBetween(69.9, 70.1);
    assertThat(totals.stages().get(1).worst()).as("but it is no second").isEqualTo(4);
    assertThat(totals.stages().get(1).opsPerSecond()).isEqualTo(4);
  }

  private static Histogram[] latencies(int count, long nanos) {
    Histogram[] all = Latencies.byKind();
    for (int i = 0; i < count; i++) {
      Latencies.record(all[Kind.GET.ordinal()], nanos);
    }
    return all;
  }
}
