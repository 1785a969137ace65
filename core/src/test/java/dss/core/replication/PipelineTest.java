package dss.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.cluster.StateCommand.PrimaryChange;
import dss.core.cluster.StateCommand.Promote;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Commands of one connection, sent without waiting, while their server is replaced. */
class PipelineTest {
  private final NodeBench bench = new NodeBench().serving();

  private void promote(int server) {
    bench.decide(new Promote(List.of(new PrimaryChange(0, bench.row().epoch(), server))));
    bench.push();
  }

  @Test
  void aReadBetweenTwoWrites_isRefusedWhenItsServerIsReplaced_forItCouldSeeTheSecond() {
    bench.submit(this, "SET", "a", "1");
    var read = bench.submit(this, "GET", "a");
    bench.submit(this, "SET", "a", "2");
    assertThat(read.answers).isEmpty();
    promote(2);
    assertThat(read.answers).hasSize(1).first().asString().contains("TRYAGAIN");
  }

  @Test
  void aReadBehindAWrite_waitsWithIt_whateverOthersWrite() {
    bench.submit(this, "SET", "a", "1");
    var read = bench.submit(this, "GET", "a");
    bench.submit(bench, "SET", "a", "2");
    promote(2);
    assertThat(read.answers).isEmpty();
    promote(1);
    bench.pass(1_000, 2, 3);
    assertThat(read.answers).containsExactly("Bulk[bytes=2]");
  }
}
