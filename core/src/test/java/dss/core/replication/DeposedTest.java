package dss.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.cluster.StateCommand.PrimaryChange;
import dss.core.cluster.StateCommand.Promote;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a primary that was replaced tells its clients: to wait for its successor's word, or where that is. ADR 12. */
class DeposedTest {
  private final NodeBench bench = new NodeBench().serving();

  private NodeBench.Asked askedAfterPromotion() {
    bench.decide(new Promote(List.of(new PrimaryChange(0, bench.row().epoch(), 2))));
    bench.push();
    return bench.submit(this, "GET", "a");
  }

  @Test
  void whileItHearsItsSuccessor_aCommandWaitsUntilThatOneServes() {
    bench.pass(2_000, 2, 3);
    assertThat(askedAfterPromotion().answers).isEmpty();
  }

  /** It is why the other one leads: its word that it serves will not come. */
  @Test
  void whereItsSuccessorIsSilent_itSaysAtOnceWhereToGo() {
    bench.submit(this, "SET", "a", "1");
    bench.pass(1_500, 3);
    assertThat(askedAfterPromotion().answers).singleElement().asString().contains("MOVED");
  }
}
