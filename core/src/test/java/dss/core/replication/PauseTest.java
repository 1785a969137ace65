package dss.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** After its own pause a server has heard nobody for long: that is not their silence. */
class PauseTest {
  private final NodeBench bench = new NodeBench().serving();

  @Test
  void anOwnPause_makesNobodySilent() {
    bench.submit(this, "SET", "a", "1");
    bench.turn();
    bench.now += 5_000;
    bench.tick();
    assertThat(bench.setsAskedFor()).isEmpty();
    assertThat(bench.node.status().silence().values()).allMatch(ms -> ms == 0);
    bench.pass(1_000, 2, 3);
    assertThat(bench.setsAskedFor()).isEmpty();
  }

  /** The ECS may be told of silence before the first tick after the pause. */
  @Test
  void anOwnPause_makesNobodySilentBeforeItsFirstTickEither() {
    bench.submit(this, "SET", "a", "1");
    bench.turn();
    bench.tick();
    bench.now += 5_000;
    assertThat(bench.node.status().silence().values()).allMatch(ms -> ms == 0);
  }

  /** A server that has nothing to do ticks seldom, and a little late now and then. */
  @Test
  void slowTicks_areNoPause() {
    for (int i = 0; i < 20; i++) {
      bench.now += 200;
      bench.tick();
      bench.answers(3, true);
    }
    assertThat(bench.node.status().silence().get(2)).isGreaterThan(2_000);
    assertThat(bench.setsAskedFor()).contains(List.of(1, 3));
  }

  @Test
  void aClockBelowZero_makesNobodySilent() {
    var link = new PeerLink(2, Node.LONG_AGO);
    link.opened(1, -5_000);
    assertThat(link.silence(Node.LONG_AGO, -4_000)).isZero();
    link.asked(-4_000);
    assertThat(link.silence(Node.LONG_AGO, -3_000)).isEqualTo(1_000);
  }

  @Test
  void whoStaysSilentAfterIt_isDropped() {
    bench.now += 5_000;
    bench.pass(1_200, 2);
    assertThat(bench.setsAskedFor()).contains(List.of(1, 2));
  }
}
