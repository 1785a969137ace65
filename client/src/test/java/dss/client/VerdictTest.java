package dss.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dss.protocol.Reply;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class VerdictTest {
  private static final Endpoint FROM = new Endpoint("10.0.0.1", 7001);

  private static Verdict of(String line) {
    return Verdict.of(Reply.error(line), FROM, false);
  }

  @Test
  void moved_namesTheOwner() {
    assertThat(of("MOVED 12 10.0.0.2:7002"))
        .isEqualTo(new Verdict.Moved(12, new Endpoint("10.0.0.2", 7002), "MOVED 12 10.0.0.2:7002"));
    assertThat(of("MOVED 12 ::1:7002"))
        .isEqualTo(new Verdict.Moved(12, new Endpoint("::1", 7002), "MOVED 12 ::1:7002"));
    assertThat(of("MOVED 12 :7002"))
        .isEqualTo(new Verdict.Moved(12, new Endpoint("10.0.0.1", 7002), "MOVED 12 :7002"));
  }

  @Test
  void aMovedThatNamesNobody_isTriedAgain() {
    for (String line : new String[]{"MOVED", "MOVED 1", "MOVED x 10.0.0.2:7002", "MOVED 1 nowhere"}) {
      assertThat(of(line)).isEqualTo(new Verdict.Again(line, false));
    }
  }

  @Test
  void aFullDisk_isDone_unlessAnEarlierAttemptMayHaveHappened() {
    Reply full = Reply.error("OOM disk below its reserve");
    assertThat(Verdict.of(full, FROM, false)).isEqualTo(new Verdict.Done(full));
    assertThat(Verdict.of(full, FROM, true))
        .isEqualTo(new Verdict.Again("OOM disk below its reserve", false));
  }

  @Test
  void tooManyClients_isTriedAgain_otherErrorsAreNot() {
    assertThat(of("ERR max number of clients reached")).isInstanceOf(Verdict.Again.class);
    assertThat(of("ERR syntax error")).isInstanceOf(Verdict.Done.class);
  }

  @Test
  void anAddress_hasAHostAndAPort() {
    assertThat(Endpoint.parse("localhost:7001")).isEqualTo(new Endpoint("localhost", 7001));
    for (String wrong : new String[]{"", "7001", ":7001", "h:", "h:0", "h:65536", "h:x"}) {
      assertThatIllegalArgumentException().isThrownBy(() -> Endpoint.parse(wrong));
    }
  }

  @Test
  void settings_areChecked() {
    assertThatIllegalArgumentException().isThrownBy(() -> ClientSettings.of());
    var settings = ClientSettings.of(FROM);
    assertThatIllegalArgumentException().isThrownBy(() -> settings.withRetryBudget(Duration.ofHours(1)));
    assertThatIllegalArgumentException().isThrownBy(() -> settings.withReplyTimeout(Duration.ZERO));
  }

  @Test
  void thePause_grows_andIsBounded() {
    for (int failures = 1; failures < 100; failures++) {
      assertThat(Backoff.delayMs(failures)).isBetween(5L, 400L);
    }
    assertThat(Backoff.delayMs(1)).isLessThanOrEqualTo(10);
    assertThat(Backoff.delayMs(50)).isGreaterThanOrEqualTo(200);
  }
}
