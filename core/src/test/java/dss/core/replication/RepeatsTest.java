package dss.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.cluster.StateCommand.PrimaryChange;
import dss.core.cluster.StateCommand.Promote;
import dss.core.entry.Effect;
import dss.core.entry.RequestId;
import dss.core.entry.RequestWindow;
import dss.core.replication.NodeBench.Asked;
import dss.core.storage.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A request that comes again gets the first one's outcome, or is told that it is forgotten; it is never executed twice. */
class RepeatsTest {
  private static final int WINDOW = RequestWindows.REQUESTS;
  private static final String FORGOTTEN = "UNCERTAIN forgotten";

  private final NodeBench bench = new NodeBench().serving();

  private static RequestId id(int client, long seq) {
    return new RequestId(client, 7, seq);
  }

  /** One INCR of {@code n}, committed where it is not refused. */
  private String incr(int client, long seq) {
    Asked asked = bench.submit(this, id(client, seq), "INCR", "n");
    bench.turn();
    bench.answers(2, true);
    bench.answers(3, true);
    assertThat(asked.answers).hasSize(1);
    return asked.answers.getFirst();
  }

  private void incrs(int client, int from, int count) {
    for (int seq = from; seq < from + count; seq++) {
      incr(client, seq);
    }
  }

  private RequestWindow window(int client) {
    Value stored = bench.shard.get(Effect.OUTCOMES, 0, id(client, 0).windowKey());
    return stored == Value.ABSENT ? RequestWindow.NONE : RequestWindow.decode(stored.bytes());
  }

  private void passMinutes(long minutes) {
    bench.now += minutes * 60_000;
    bench.pass(2_000, 2, 3);
  }

  /** As the sweep of a store does: what the window calls forgotten is deleted. */
  private void sweep(int client) {
    RequestWindow window = window(client);
    for (long seq = 0; seq <= window.floor(); seq++) {
      bench.shard.values.remove(id(client, seq).asKey());
    }
  }

  private void handOverAndBack() {
    bench.decide(new Promote(List.of(new PrimaryChange(0, bench.row().epoch(), 2))));
    bench.push();
    bench.decide(new Promote(List.of(new PrimaryChange(0, bench.row().epoch(), 1))));
    bench.push();
    bench.pass(2_000, 2, 3);
  }

  @Test
  void aRepeat_getsTheFirstOnesOutcome_whileItIsUnderWayToo() {
    Asked first = bench.submit(this, id(1, 5), "INCR", "n");
    Asked second = bench.submit("another connection", id(1, 5), "INCR", "n");
    bench.turn();
    bench.answers(2, true);
    bench.answers(3, true);
    assertThat(first.answers).containsExactly("Int[value=1]");
    assertThat(second.answers).containsExactly("Int[value=1]");
    assertThat(incr(1, 5)).isEqualTo("Int[value=1]");
    assertThat(incr(2, 5)).as("of another client").isEqualTo("Int[value=2]");
  }

  @Test
  void theThousandAndFirst_ofAMinuteAgo_movesTheWindow_twiceBeforeAnythingIsForgotten() {
    incrs(1, 1, WINDOW);
    passMinutes(1);
    incr(1, WINDOW + 1);
    assertThat(window(1))
        .isEqualTo(new RequestWindow(-1, WINDOW));
    incrs(1, WINDOW + 2, WINDOW - 1);
    passMinutes(1);
    incr(1, 2 * WINDOW + 1);
    assertThat(window(1))
        .isEqualTo(new RequestWindow(WINDOW, 2 * WINDOW));
    assertThat(incr(1, 3)).as("its outcome is there still").isEqualTo("Int[value=3]");
    sweep(1);
    assertThat(incr(1, 3)).contains(FORGOTTEN);
    assertThat(incr(1, WINDOW)).contains(FORGOTTEN);
    assertThat(incr(1, WINDOW + 1)).isEqualTo("Int[value=" + (WINDOW + 1) + "]");
    assertThat(incr(2, 3)).as("of another client").isEqualTo("Int[value=" + (2 * WINDOW + 2) + "]");
  }

  @Test
  void manyRequestsInAMinute_forgetNothing_soALateOneIsExecuted() {
    incrs(1, 2, 3 * WINDOW);
    assertThat(window(1)).isEqualTo(RequestWindow.NONE);
    assertThat(incr(1, 1)).isEqualTo("Int[value=" + (3 * WINDOW + 1) + "]");
  }

  @Test
  void whatIsForgotten_staysSo_underANewPrimary() {
    for (int i = 0; i < 2; i++) {
      incrs(1, 1 + i * WINDOW, WINDOW);
      passMinutes(1);
      incr(1, (i + 1) * WINDOW + 1);
    }
    sweep(1);
    handOverAndBack();
    assertThat(incr(1, 3)).contains(FORGOTTEN);
    incr(1, 5 * WINDOW);
    assertThat(window(1)).as("counted anew")
        .isEqualTo(new RequestWindow(WINDOW, 2 * WINDOW));
  }

  @Test
  void anOutcomeOlderThanTenMinutes_isForgotten() {
    incr(1, 1);
    passMinutes(9);
    incr(2, 1);
    assertThat(incr(1, 1)).isEqualTo("Int[value=1]");
    passMinutes(1);
    incr(2, 2);
    assertThat(incr(1, 1)).contains(FORGOTTEN);
  }
}
