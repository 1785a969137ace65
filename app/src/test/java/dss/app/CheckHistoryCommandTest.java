package dss.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckHistoryCommandTest {
  private static final String SET = "{\"client\":\"a\",\"op\":\"SET\",\"key\":\"k\",\"args\":[\"v\"],\"invoke\":1,\"return\":2,\"result\":\"OK\"}";
  private static final String GOOD = "{\"client\":\"b\",\"op\":\"GET\",\"key\":\"k\",\"invoke\":3,\"return\":4,\"result\":\"v\"}";
  private static final String BAD = "{\"client\":\"b\",\"op\":\"GET\",\"key\":\"k\",\"invoke\":3,\"return\":4,\"result\":null}";
  private static final String OPEN = "{\"client\":\"b\",\"op\":\"incr\",\"key\":\"n\",\"invoke\":3}";

  @TempDir
  Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final CommandRun command = new CommandRun();

  private int run(String... words) {
    return command.run(new CheckHistoryCommand(new PrintStream(out, true, StandardCharsets.UTF_8)), words);
  }

  private int check(String... lines) throws IOException {
    return run(Files.write(directory.resolve("h.jsonl"), List.of(lines)).toString());
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aGoodHistory_isOk() throws IOException {
    assertThat(check(SET, GOOD, OPEN)).isZero();
    assertThat(printed()).isEqualTo("OK operations 3 keys 2 unknown 1" + System.lineSeparator());
  }

  @Test
  void aViolation_namesTheKey_andShowsTheOperation() throws IOException {
    assertThat(check(SET, BAD)).isEqualTo(1);
    assertThat(printed()).startsWith("VIOLATION key k" + System.lineSeparator())
        .contains("  > b GET k  [3 .. 4] -> null").contains("    a SET k \"v\"  [1 .. 2] -> \"OK\"")
        .doesNotContain("OK operations");
  }

  @Test
  void whatIsNoHistory_isRefusedInASentence() throws IOException {
    assertThat(check(SET, "{}")).isEqualTo(1);
    assertThat(command.said()).endsWith("h.jsonl, line 2: it has no client");
    assertThat(check()).isEqualTo(1);
    assertThat(command.said()).endsWith("h.jsonl has no operations: nothing was checked");
    assertThat(run(directory.resolve("none").toString())).isEqualTo(1);
    assertThat(command.said()).startsWith("there is no file ");
    assertThat(printed()).isEmpty();
  }

  @Test
  void withoutAFile_itIsUsage() {
    assertThat(run()).isEqualTo(2);
    assertThat(run("a", "b")).isEqualTo(2);
  }
}
