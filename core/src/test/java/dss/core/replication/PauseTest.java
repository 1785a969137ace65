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

  @Test
  void whoStaysSilentAfterIt_isDropped() {
    bench.now += 5_000;
    bench.pass(1_200, 2);
    assertThat(bench.setsAskedFor()).contains(List.of(1, 2));
  }
}
