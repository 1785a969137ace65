package dss.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.planted.PlantedBug;
import dss.core.planted.PlantedBugs;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is dropped for owing an answer, and since when it is owed. Source: docs/replication.md, Silent. */
class SlowFollowerTest {
  private final NodeBench bench = new NodeBench().serving();

  @Test
  void aTickBetweenAnAppendAndItsSending_dropsNobody() {
    bench.pass(2_000, 2, 3);
    bench.submit(this, "SET", "a", "1");
    bench.node.tick();
    bench.turn();
    assertThat(bench.setsAskedFor()).isEmpty();
  }

  @Test
  void aFollowerWhoseDiskHangs_isDropped_thoughItsConnectionLives() {
    var asked = bench.submit(this, "SET", "a", "1");
    bench.passWithHangingDisk(1_000, 3, 2);
    assertThat(bench.setsAskedFor()).contains(List.of(1, 2));
    assertThat(asked.answers).isEmpty();
    bench.inSync(1, 2);
    bench.push();
    bench.passWithHangingDisk(200, 3, 2);
    assertThat(asked.answers).containsExactly("Simple[text=OK]");
  }

  @Test
  void whoIsNotConnectedYet_isGivenItsTime() {
    var fresh = new NodeBench();
    fresh.pass(2_000);
    fresh.founded(1, 2, 3);
    fresh.push();
    fresh.requests.clear();
    fresh.pass(500);
    assertThat(fresh.setsAskedFor()).isEmpty();
    fresh.pass(600);
    assertThat(fresh.setsAskedFor()).contains(List.of(1));
  }

  /** That it was silent for long is why there is another primary: it is not waited for once more. */
  @Test
  void whoWasSilentForLongBeforeTheEpoch_isDroppedAtOnce() {
    bench.submit(this, "SET", "a", "1");
    bench.pass(1_000, 2);
    bench.inSync(1, 2, 3);
    bench.push();
    bench.requests.clear();
    bench.pass(100, 2);
    assertThat(bench.setsAskedFor()).contains(List.of(1, 2));
  }

  @Test
  void aNewPrimary_thatGivesNoTime_dropsHealthyCopies() {
    for (boolean planted : List.of(false, true)) {
      var bugs = planted
          ? PlantedBugs.of(EnumSet.of(PlantedBug.NO_FULL_SLOW_FOR_NEW_EPOCH))
          : PlantedBugs.NONE;
      var ofNew = new NodeBench(bugs).serving();
      ofNew.inSync(1, 2, 3);
      ofNew.push();
      ofNew.tick();
      assertThat(ofNew.setsAskedFor().isEmpty()).isEqualTo(!planted);
    }
  }

  @Test
  void oneThatNeverAnsweredInThisEpoch_isDropped() {
    bench.inSync(1, 2, 3);
    bench.push();
    bench.requests.clear();
    bench.submit(this, "SET", "a", "1");
    bench.passWithHangingDisk(1_000, 3, 2);
    assertThat(bench.setsAskedFor()).contains(List.of(1, 2));
  }
}
