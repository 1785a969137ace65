package dss.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dss.protocol.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an admin is told, and what it takes for done, when an ECS ends in the middle. */
final class AdminSessionTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private void run(ScriptedEcs ecs, String... words) throws CommandFailed, InterruptedException {
    try (ecs; var link = new AdminLink(List.of(ecs.address()))) {
      new AdminSession(link, new PrintStream(out, true, StandardCharsets.UTF_8), true).run(List.of(words));
    }
  }

  private void assertRefused(String why, ScriptedEcs ecs, String... words) {
    assertThatExceptionOfType(CommandFailed.class).isThrownBy(() -> run(ecs, words))
        .withMessageContaining(why);
  }

  private static Reply report(String fields) {
    return Reply.bulk("{\"ecs\": {\"members\": []}, " + fields + "}");
  }

  @Test
  void whatWasDoneByAnEcsThatEnded_isNoRefusal() throws Exception {
    var ecs = new ScriptedEcs(ScriptedEcs.ENDS, Reply.error("ERR it is cancelled already; resume goes on"));
    run(ecs, "cancel");
    assertThat(ecs.asked).containsExactly("cancel", "cancel");
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("cancelled already");
  }

  @Test
  void whatWasAskedOnce_andIsDoneAlready_isRefused() throws IOException {
    assertRefused("it is cancelled already",
        new ScriptedEcs(Reply.error("ERR it is cancelled already; resume goes on")),
        "cancel");
  }

  @Test
  void whatAnEcsThatEndedDidNotDo_isRefused() throws IOException {
    assertRefused("no server answers",
        new ScriptedEcs(ScriptedEcs.ENDS, Reply.error("ERR no server answers at h:1")),
        "add", "h",
        "1", "--no-wait");
  }

  @Test
  void anAddition_endsWhenAllIsBalanced() throws Exception {
    run(new ScriptedEcs(report("\"balanced\": true"), new Reply.Simple("adding h:1"),
        report("\"balanced\": false, \"moving\": 7"),
        report("\"balanced\": true")), "add", "h", "1");
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("adding h:1\nadded\n");
  }

  @Test
  void whereNothingIsLeftButWhatIsLost_anAdditionSaysSo() throws IOException {
    assertRefused("rebalance --accept-data-loss",
        new ScriptedEcs(report("\"balanced\": true"), new Reply.Simple("adding h:1"),
            report("\"balanced\": false, \"moving\": 2, \"lost\": 2")),
        "add", "h", "1");
  }

  @Test
  void whereMovesAreCancelled_anAdditionSaysSo() throws IOException {
    assertRefused("until resume",
        new ScriptedEcs(report("\"balanced\": true"), new Reply.Simple("adding h:1"),
            report("\"balanced\": false, \"moving\": 0, \"paused\": true")),
        "add", "h", "1");
  }
}
