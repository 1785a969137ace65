package dss.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code dss drill} as people run it, short. */
@ExtendWith(ShowOutput.class)
@SuppressWarnings("NullAway.Init")
class DrillIT {
  private static final Duration ENDS = Duration.ofSeconds(180);

  @TempDir
  Path directory;

  private Map<String, Object> drill(String... words) throws IOException {
    var line = new ArrayList<>(List.of("drill"));
    line.addAll(List.of(words));
    line.addAll(List.of("--json", "--quiet", "--data", directory.resolve("drill").toString()));
    DssProcess drill = Admin.run(directory, line.toArray(new String[0]));
    assertThat(drill.awaitExit(ENDS)).as(drill.output()).isZero();
    String output = drill.output();
    System.out.println(output);
    Map<String, Object> report = JSON.std.mapFrom(output.substring(output.indexOf('{')));
    assertThat(report).containsEntry("good", true);
    assertThat((int) report.getOrDefault("checked", 0)).isGreaterThan(100);
    return report;
  }

  @Test
  void aServerThatIsCutOff_losesNothing() throws IOException {
    assertThat(drill("partition", "--seconds", "5").get("faults")).asString().contains("partition=");
  }

  /** Trap: a change of the members while servers are cut off from each other, or killed. */
  @Test
  void membersThatChangeDuringAPartition_loseNothing() throws IOException {
    assertThat(drill("move,partition", "--seconds", "15", "--servers", "4", "--seed", "5").get("faults"))
        .asString()
        .contains("move=");
  }

  @Test
  void ecsThatAreStruck_areNotNoticed() throws IOException {
    Map<String, Object> report = drill("ecs", "--seconds", "5");
    assertThat(report.get("refused")).asString().contains("own={}");
    assertThat(report.get("unknownFate")).asString().contains("own={}");
  }

  @Test
  void wordsThatItDoesNotKnow_areRefusedWithHelp() {
    DssProcess wrong = Admin.run(directory, "drill", "flood");
    assertThat(wrong.awaitExit(ENDS)).isEqualTo(2);
    assertThat(wrong.output()).contains("there is no drill 'flood'");
  }
}
