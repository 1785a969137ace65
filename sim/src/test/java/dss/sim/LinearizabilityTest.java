package dss.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dss.protocol.Reply;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LinearizabilityTest {
  private static Op op(Op.Kind kind, String argument, long invoked, long returned, @Nullable Reply reply) {
    var op = new Op(1, kind, "k", argument, "", invoked);
    if (reply != null) {
      op.reply = reply;
      op.returned = returned;
    }
    return op;
  }

  private static Op set(String value, long invoked, long returned) {
    return op(Op.Kind.SET, value, invoked, returned, Reply.OK);
  }

  private static Op get(@Nullable String value, long invoked, long returned) {
    return op(Op.Kind.GET, "", invoked, returned, value == null ? Reply.NULL : Reply.bulk(value));
  }

  @Test
  void readsInOrder_hold() {
    assertThat(Linearizability.holds(List.of(set("a", 0, 10), get("a", 20, 30), set("b", 40, 50), get("b", 60, 70))))
        .isTrue();
  }

  @Test
  void staleRead_doesNotHold() {
    assertThat(Linearizability.holds(List.of(set("a", 0, 10), set("b", 20, 30), get("a", 40, 50)))).isFalse();
  }

  @Test
  void concurrentWrites_holdInEitherOrder() {
    assertThat(Linearizability.holds(List.of(set("a", 0, 100), set("b", 0, 100), get("a", 110, 120)))).isTrue();
    assertThat(Linearizability.holds(List.of(set("a", 0, 100), set("b", 0, 100), get("b", 110, 120)))).isTrue();
    assertThat(Linearizability.holds(List.of(set("a", 0, 100), set("b", 0, 100), get("a", 110, 120), get("b", 130, 140))))
        .isFalse();
  }

  @Test
  void unknownWrite_mayHaveHappenedOrNot() {
    Op unknown = op(Op.Kind.SET, "x", 20, 0, null);
    assertThat(Linearizability.holds(List.of(set("a", 0, 10), unknown, get("a", 30, 40)))).isTrue();
    assertThat(Linearizability.holds(List.of(set("a", 0, 10), unknown, get("x", 30, 40)))).isTrue();
    assertThat(Linearizability.holds(List.of(set("a", 0, 10), unknown, get("x", 30, 40), get("a", 50, 60)))).isFalse();
  }

  @Test
  void unknownWrite_neverHappensBeforeItsCall() {
    Op unknown = op(Op.Kind.SET, "x", 50, 0, null);
    assertThat(Linearizability.holds(List.of(set("a", 0, 10), get("x", 20, 30), unknown))).isFalse();
  }

  @Test
  void increments_countEachOnce() {
    Op one = op(Op.Kind.INCR, "", 0, 10, Reply.integer(1));
    Op two = op(Op.Kind.INCR, "", 20, 30, Reply.integer(2));
    Op again = op(Op.Kind.INCR, "", 20, 30, Reply.integer(1));
    assertThat(Linearizability.holds(List.of(one, two))).isTrue();
    assertThat(Linearizability.holds(List.of(one, again))).isFalse();
  }

  @Test
  void lostAppend_doesNotHold() {
    Op append = op(Op.Kind.APPEND, "b", 20, 30, Reply.integer(2));
    assertThat(Linearizability.holds(List.of(set("a", 0, 10), append, get("ab", 40, 50)))).isTrue();
    assertThat(Linearizability.holds(List.of(set("a", 0, 10), append, get("a", 40, 50)))).isFalse();
  }
}
