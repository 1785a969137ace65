package dss.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.cluster.StateCommand.PrimaryChange;
import dss.core.cluster.StateCommand.Promote;
import dss.core.entry.Effect;
import dss.core.entry.RequestId;
import dss.core.entry.RequestWindow;
import dss.core.replication.NodeBench.Asked;
import dss.core.storage.Value;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A request that comes again gets the first one's outcome, or is told that it is forgotten; it is never executed twice. */
class RepeatsTest {
  private static final int WINDOW = new NodeSettings().outcomesKept;
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

  /** 256 clients are counted at once; the window is in an entry that is not applied yet, or in the store. */
  @Test
  void aClientThatIsCountedNoMore_isKnownByItsEntries() {
    for (int i = 0; i < 2; i++) {
      incrs(1, 1 + i * WINDOW, WINDOW);
      passMinutes(1);
    }
    Asked moves = bench.submit(this, id(1, 2 * WINDOW + 1), "INCR", "n");
    var others = new ArrayList<Asked>();
    for (int client = 2; client < 300; client++) {
      others.add(bench.submit(this, id(client, 1), "INCR", "n"));
    }
    assertThat(moves.answers).as("not applied yet").isEmpty();
    bench.shard.values.keySet().removeIf(key -> key.length() == 24 && !key.equals(id(1, 0).windowKey()));
    assertThat(bench.submit(this, id(1, 3), "INCR", "n").answers).hasSize(1).first().asString()
        .contains(FORGOTTEN);
    bench.turn();
    bench.answers(2, true);
    bench.answers(3, true);
    assertThat(others).allMatch(asked -> asked.answers.size() == 1);
    assertThat(incr(1, 4)).contains(FORGOTTEN);
  }

  @Test
  void aFloorNeverFalls_whenLateRequestsComeUnderANewPrimary() {
    for (int i = 0; i < 2; i++) {
      everySecond(2 * (1 + i * WINDOW), WINDOW);
      passMinutes(1);
      incr(1, 2 * ((i + 1) * WINDOW + 1));
    }
    assertThat(window(1)).isEqualTo(new RequestWindow(2 * WINDOW, 4 * WINDOW));
    handOverAndBack();
    everySecond(2 * WINDOW + 1, WINDOW);
    passMinutes(1);
    incr(1, 4 * WINDOW + 1);
    assertThat(window(1)).isEqualTo(new RequestWindow(4 * WINDOW, 4 * WINDOW));
  }

  private void everySecond(int from, int count) {
    for (int i = 0; i < count; i++) {
      incr(1, from + 2 * i);
    }
  }

  @Test
  void aReadBehindARepeat_waitsForWhatTheRepeatWaitsFor() {
    Asked first = bench.submit("a connection that breaks", id(1, 1), "INCR", "n");
    Asked repeat = bench.submit(this, id(1, 1), "INCR", "n");
    Asked read = bench.submit(this, "GET", "n");
    assertThat(read.answers).isEmpty();
    bench.turn();
    bench.answers(2, true);
    bench.answers(3, true);
    assertThat(List.of(first, repeat)).allMatch(asked -> asked.answers.equals(List.of("Int[value=1]")));
    assertThat(read.answers).hasSize(1).first().asString().contains("1");
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
