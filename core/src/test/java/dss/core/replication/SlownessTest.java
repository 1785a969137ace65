package dss.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.cluster.StateCommand;
import dss.core.cluster.StateCommand.SetStopping;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whose disk drags every write is left behind for a while. Source: docs/replication.md, Slow copy. */
class SlownessTest {
  private static final int SLOW_MS = 200;
  private static final int REST_MS = 100;
  private final NodeBench bench = new NodeBench().serving();

  /** Writes go on for so long; server 3 says so late that they are durable there. */
  private void writes(long ms, int lateMs, boolean ownLate) {
    for (long until = bench.now + ms; bench.now < until;) {
      bench.diskHolds = ownLate;
      bench.submit(this, "SET", "a", "1");
      bench.turn();
      bench.passWithHangingDisk(lateMs, 3, 2);
      bench.answers(3, true);
      bench.diskHolds = false;
      bench.passWithHangingDisk(REST_MS, 3, 2);
      bench.answers(3, true);
    }
  }

  @Test
  void aSlowDisk_isLeftBehind_andNotTakenInBeforeAMinuteIsOver() {
    writes(4_000, SLOW_MS, false);
    assertThat(bench.setsAskedFor()).as("not for a few slow seconds").isEmpty();
    writes(4_000, SLOW_MS, false);
    assertThat(bench.setsAskedFor()).contains(List.of(1, 2));
    assertThat(bench.node.status().slow()).extracting(NodeStatus.Slow::server).containsExactly(3);
    bench.inSync(1, 2);
    bench.push();
    bench.requests.clear();
    writes(50_000, 0, false);
    assertThat(bench.setsAskedFor()).isEmpty();
    // What made it leave, also when all that is known of it since then is that nothing was heard.
    assertThat(bench.node.status().slow()).singleElement()
        .satisfies(told -> assertThat(told.tookMs()).isGreaterThanOrEqualTo(SLOW_MS))
        .satisfies(told -> assertThat(told.othersMs()).isBetween(0, 50));
    writes(20_000, 0, false);
    assertThat(bench.setsAskedFor()).contains(List.of(1, 2, 3));
    assertThat(bench.node.status().slow()).isEmpty();
  }

  /** One that comes back and is slow again would be filled anew each minute. */
  @Test
  void whoIsSlowAgain_isLeftBehindForTwiceAsLong() {
    writes(8_000, SLOW_MS, false);
    bench.inSync(1, 2);
    bench.push();
    writes(61_000, 0, false);
    bench.inSync(1, 2, 3);
    bench.push();
    writes(8_000, SLOW_MS, false);
    bench.inSync(1, 2);
    bench.push();
    bench.requests.clear();
    writes(100_000, 0, false);
    assertThat(bench.setsAskedFor()).isEmpty();
    writes(30_000, 0, false);
    assertThat(bench.setsAskedFor()).contains(List.of(1, 2, 3));
  }

  @Test
  void whoStartsAgain_isLeftBehindNoLonger() {
    writes(8_000, SLOW_MS, false);
    bench.inSync(1, 2);
    bench.push();
    assertThat(bench.node.status().slow()).isNotEmpty();
    bench.node.disconnected(3);
    bench.register(3, 2);
    bench.push();
    bench.connect(3);
    writes(2_000, 0, false);
    assertThat(bench.node.status().slow()).isEmpty();
  }

  @Test
  void neverBelowMinInSync() {
    bench.decide(new StateCommand.SetSettings(bench.ecs.settings().withMinInSync(2)));
    bench.want(1, 3);
    bench.inSync(1, 3);
    bench.push();
    writes(20_000, SLOW_MS, false);
    assertThat(bench.setsAskedFor()).isEmpty();
  }

  /** Two disks are to hold it, whatever writes may do with less. */
  @Test
  void neverBelowTwoCopies() {
    bench.want(1, 3);
    bench.inSync(1, 3);
    bench.push();
    writes(20_000, SLOW_MS, false);
    assertThat(bench.setsAskedFor()).isEmpty();
  }

  /** What is sent again after 200 ms is still the same entry on its way. */
  @Test
  void aDiskSlowerThanTheResending_isFoundToo() {
    writes(12_000, 400, false);
    assertThat(bench.setsAskedFor()).contains(List.of(1, 2));
  }

  @Test
  void whereAllAreAsSlow_nobodyIsLeftBehind() {
    writes(20_000, 40, false);
    assertThat(bench.setsAskedFor()).isEmpty();
  }

  /** For no longer the second time: nothing is filled anew where it leads again. */
  @Test
  void aPrimaryWithASlowDisk_asksOthersToLead_forAMinute_eachTime() {
    for (int time = 0; time < 2; time++) {
      for (int i = 0; i < 40; i++) {
        bench.diskHolds = true;
        bench.submit(this, "SET", "a", "1");
        bench.pass(SLOW_MS, 2, 3);
        bench.diskHolds = false;
        bench.turn();
      }
      assertThat(stopping()).as("asked until it is so").hasSizeGreaterThan(1).containsOnly(true);
      decided();
      bench.pass(61_000, 2, 3);
      assertThat(stopping()).as("time %d", time).isNotEmpty().containsOnly(false);
      decided();
      bench.pass(3_000, 2, 3);
      assertThat(stopping()).isEmpty();
    }
  }

  private void decided() {
    bench.decide(bench.requests.getLast());
    bench.push();
    bench.requests.clear();
  }

  private List<Boolean> stopping() {
    return bench.requests.stream().filter(SetStopping.class::isInstance)
        .map((StateCommand command) -> ((SetStopping) command).stopping()).toList();
  }
}
