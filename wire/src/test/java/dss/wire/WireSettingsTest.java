package dss.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class WireSettingsTest {
  @Test
  void valuesBelowWhatMakesSense_areRefused() {
    var settings = new WireSettings();
    for (Runnable change : List.<Runnable>of(() -> settings.maxClients(0), () -> settings.outputPauseBytes(0),
        () -> settings.outputLimitBytes(1), () -> settings.pipelineRequests(0),
        () -> settings.idleTimeoutSeconds(-1),
        () -> settings.tcpKeepAliveSeconds(-1))) {
      assertThatThrownBy(change::run).isInstanceOf(IllegalArgumentException.class);
    }
    settings.maxClients(7);
    assertThat(settings.maxClients()).isEqualTo(7);
  }

  @Test
  void transportWithoutLoops_isRefused() {
    assertThatThrownBy(() -> Transport.create("test", 0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void loopsOfATransport_areTakenInTurn() {
    try (var transport = Transport.create("test", 2)) {
      assertThat(transport.loops()).hasSize(2);
      assertThat(List.of(transport.next(), transport.next()))
          .containsExactlyInAnyOrderElementsOf(transport.loops());
    }
  }
}
