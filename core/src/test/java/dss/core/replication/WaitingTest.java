package dss.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.cluster.StateCommand.PrimaryChange;
import dss.core.cluster.StateCommand.Promote;
import dss.core.cluster.StateCommand.SetSettings;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What waits is answered in the end, and in order. */
class WaitingTest {
  private final NodeBench bench = new NodeBench().serving();

  @Test
  void aReadBehindAWriteThatStaysUndecided_isAnsweredInTime() {
    var write = bench.submit(this, "SET", "a", "1");
    var read = bench.submit(this, "GET", "a");
    bench.passWithHangingDisk(bench.node.settings().writeWaitMs + 100, 3, 2);
    assertThat(read.answers).hasSize(1).first().asString().contains("NOT_SERVING");
    bench.passWithHangingDisk(bench.node.settings().commitWaitMs, 3, 2);
    assertThat(write.answers).hasSize(1).first().asString().contains("UNCERTAIN");
  }

  @Test
  void readsThatAStepDownReturns_comeBeforeLaterCommandsOfTheirConnection() {
    bench.submit(this, "SET", "a", "1");
    bench.submit(this, "GET", "a");
    bench.node.lockUntil(bench.now + 100_000);
    bench.submit(this, "SET", "a", "2");
    bench.decide(new Promote(
        List.of(new PrimaryChange(0, bench.row().epoch(), 2))));
    bench.push();
    var order = new ArrayList<String>();
    bench.node.replica(0).parking().offer(call -> order.add(call.command().spec().name()));
    assertThat(order).containsExactly("get", "set");
  }

  @Test
  void aReadBehindAWriteThatIsSlow_doesNotShowAKeyWhoseTimeIsOver() {
    bench.submit(this, "SET", "a", "1", "PX", "100");
    bench.passWithHangingDisk(200, 2, 3);
    var read = bench.submit(this, "GET", "a");
    bench.pass(100, 2, 3);
    assertThat(read.answers).containsExactly("Null[]");
  }

  private void twoMustBeInSync_andOneIs() {
    bench.decide(new SetSettings(bench.ecs.settings().withMinInSync(2)));
    bench.inSync(1);
    bench.push();
  }

  @Test
  void aWriteWaitsForAnotherCopy_beforeItIsRefused() {
    twoMustBeInSync_andOneIs();
    var asked = bench.submit(this, "SET", "a", "1");
    bench.pass(200, 2, 3);
    assertThat(asked.answers).isEmpty();
    bench.inSync(1, 2);
    bench.push();
    bench.pass(100, 2, 3);
    assertThat(asked.answers).containsExactly("Simple[text=OK]");
  }

  @Test
  void whereCopiesAreMissingForLong_itIsRefusedAtOnce() {
    twoMustBeInSync_andOneIs();
    var first = bench.submit(this, "SET", "a", "1");
    bench.pass(bench.node.settings().writeWaitMs + 100, 2, 3);
    var second = bench.submit(this, "SET", "a", "2");
    assertThat(first.answers).hasSize(1).first().asString().contains("NOREPLICAS");
    assertThat(second.answers).hasSize(1).first().asString().contains("NOREPLICAS");
  }

  @Test
  void whereTheRowChangesMeanwhile_theRefusalIsTheSame() {
    twoMustBeInSync_andOneIs();
    var asked = bench.submit(this, "SET", "a", "1");
    bench.pass(1_000, 2, 3);
    bench.inSync(1);
    bench.push();
    bench.pass(1_100, 2, 3);
    assertThat(asked.answers).hasSize(1).first().asString().contains("NOREPLICAS");
  }

  @Test
  void minInSyncRises_onlyWhereAllHaveSoMany() {
    bench.inSync(1);
    bench.decide(new SetSettings(bench.ecs.settings().withMinInSync(2)));
    assertThat(bench.ecs.settings().minInSync()).isEqualTo(1);
  }
}
