package dss.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.replication.PeerMessage.Append;
import dss.core.replication.PeerMessage.AppendFrame;
import dss.core.replication.PeerMessage.Beacon;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where nothing is asked of a cluster its servers say little, and know all the same who has fallen silent. */
class IdleTest {
  private static final int SECONDS = 10;

  private final NodeBench bench = new NodeBench().serving();

  /** Time passes; how many beacons server 2 was sent meanwhile. */
  private int beaconsIn(long ms, Runnable eachTick) {
    int beacons = 0;
    for (long passed = 0; passed < ms; passed += Node.TICK_MS) {
      bench.tick();
      eachTick.run();
      bench.turn();
      beacons += (int) bench.sent.stream().filter(s -> s.to() == 2 && s.message() instanceof Beacon).count();
      bench.answers(2, true);
      bench.answers(3, true);
      bench.sent.clear();
      bench.now += Node.TICK_MS;
    }
    return beacons;
  }

  private void idle(long ms) {
    beaconsIn(ms, () -> {});
  }

  @Test
  void whereNobodyReads_beaconsAreFew_andNobodyIsDropped() {
    idle(2_000);
    assertThat(beaconsIn(SECONDS * 1_000, () -> {})).isBetween(SECONDS - 1, SECONDS + 1);
    assertThat(bench.setsAskedFor()).isEmpty();
    assertThat(bench.node.status().silence().values()).allMatch(ms -> ms == 0);
    assertThat(bench.node.nextTickMs()).isGreaterThan(Node.TICK_MS);
  }

  @Test
  void whileReadsComeNowAndThen_leasesAreKept() {
    idle(5_000);
    bench.submit(this, "GET", "a");
    bench.turn();
    idle(100);
    int[] ticks = {0};
    int beacons = beaconsIn(SECONDS * 1_000, () -> {
      if (ticks[0]++ % 30 == 0) {
        assertThat(bench.submit(this, "GET", "a").answers).hasSize(1);
      }
    });
    assertThat(beacons).isGreaterThan(8 * SECONDS);
  }

  @Test
  void theFirstReadAfterAWhile_asksForLeasesAtOnce_andOnce() {
    idle(5_800);
    var get = bench.submit(this, "GET", "a");
    var another = bench.submit(this, "GET", "a");
    bench.turn();
    assertThat(get.answers).isEmpty();
    assertThat(bench.node.nextTickMs()).isEqualTo(Node.TICK_MS);
    assertThat(bench.sent).filteredOn(s -> s.message() instanceof Beacon).extracting(NodeBench.Sent::to)
        .containsExactlyInAnyOrder(2, 3);
    bench.answers(2, true);
    assertThat(get.answers).isEmpty();
    bench.answers(3, true);
    assertThat(get.answers).hasSize(1);
    assertThat(another.answers).hasSize(1);
  }

  @Test
  void theBeaconThatALeaseIsAskedForWith_isSentAgainWhereItIsNotAnswered() {
    idle(5_800);
    bench.submit(this, "GET", "a");
    bench.turn();
    bench.sent.clear();
    bench.pass(200, 3);
    assertThat(bench.sent).filteredOn(s -> s.to() == 2 && s.message() instanceof Beacon).hasSize(1);
  }

  @Test
  void whoDiesWhileNothingIsAskedOfIt_isFoundOut() {
    idle(5_300);
    bench.pass(Beacons.IDLE_MS + 1_300, 3);
    assertThat(bench.setsAskedFor()).contains(List.of(1, 3));
    assertThat(bench.node.status().silence().get(2)).isGreaterThanOrEqualTo(1_000);
    assertThat(bench.node.status().silence().get(3)).isZero();
  }

  @Test
  void whoDiesBeforeAWrite_isDroppedWhenItDoesNotAnswerIt() {
    idle(5_020);
    var set = bench.submit(this, "SET", "a", "1");
    bench.turn();
    bench.pass(580, 3);
    assertThat(bench.setsAskedFor()).isEmpty();
    bench.pass(520, 3);
    assertThat(bench.setsAskedFor()).contains(List.of(1, 3));
    assertThat(set.answers).isEmpty();
    assertThat(bench.node.status().silence().get(2)).as("since the write").isGreaterThanOrEqualTo(1_000);
  }

  @Test
  void whoOwesAWord_isAskedForItAtEveryBeaconInterval() {
    idle(5_020);
    bench.submit(this, "SET", "a", "1");
    bench.turn();
    bench.pass(480, 3);
    assertThat(bench.sent).filteredOn(s -> s.to() == 2 && s.message() instanceof Beacon).hasSizeBetween(4, 5);
  }

  /** Whether it lives is asked of its backups, where the ECS hears nothing of it. */
  @Test
  void aPrimaryThatDiesRightAfterItWrote_isFoundOutByItsBackup() {
    var backup = new NodeBench();
    backup.founded(2, 1, 3);
    backup.push();
    backup.connect(2);
    backup.connect(3);
    backup.pass(5_020, 2, 3);
    backup.says(2, new AppendFrame(0, List.of(new Append(0, backup.row().epoch(), 0, 0,
        List.of(backup.entry(backup.row().epoch(), 1)), 0, 0))));
    backup.pass(1_140, 3);
    assertThat(backup.node.status().silence().get(2)).isGreaterThanOrEqualTo(1_000);
    assertThat(backup.node.status().silence().get(3)).isZero();
  }

  /** The time before its connection ended, in which nobody asked, is no silence. */
  @Test
  void whoseConnectionEnds_hasItsTimeToComeBack() {
    idle(5_900);
    bench.node.disconnected(2);
    bench.pass(900, 3);
    assertThat(bench.setsAskedFor()).isEmpty();
    bench.pass(200, 3);
    assertThat(bench.setsAskedFor()).contains(List.of(1, 3));
  }
}
