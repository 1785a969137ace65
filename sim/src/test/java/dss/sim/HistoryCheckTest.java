package dss.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HistoryCheckTest {
  private static Operation op(String words, long invoke, long returned, @Nullable Object result) {
    List<String> split = List.of(words.split(" "));
    return new Operation("c" + invoke, split.get(0), split.get(1), split.subList(2, split.size()), invoke,
        returned, result);
  }

  private static Operation unknown(String words, long invoke) {
    return op(words, invoke, Operation.UNKNOWN, null);
  }

  private static List<String> badKeys(Operation... history) {
    return HistoryCheck.of(List.of(history)).violations().stream().map(HistoryCheck.Violation::key).toList();
  }

  @Test
  void everyOperation_doesWhatItDoesOnAServer() {
    assertThat(badKeys(op("GET k", 1, 2, null), op("SETNX k a", 3, 4, 1), op("SETNX k b", 5, 6, 0),
        op("SET_IF k c a", 7, 8, "OK"), op("SET_IF k d a", 9, 10, null), op("APPEND k e", 11, 12, 2),
        op("GET k", 13, 14, "ce"), op("DEL k", 15, 16, 1), op("DEL k", 17, 18, 0), op("INCR k", 19, 20, 1),
        op("GET k", 21, 22, 1), op("GET k", 23, 24, "1"), op("SET k x", 25, 26, "OK"))).isEmpty();
  }

  @Test
  void lengths_areCountedInBytes() {
    assertThat(badKeys(op("SET k \u00e9", 1, 2, "OK"), op("APPEND k \u20ac", 3, 4, 5),
        op("GET k", 5, 6, "\u00e9\u20ac"))).isEmpty();
  }

  @Test
  void figuresAreOfTheWholeHistory() {
    HistoryCheck check = HistoryCheck
        .of(List.of(op("SET a 1", 1, 2, "OK"), unknown("SET b 1", 1), op("GET a", 3, 4, "1")));
    assertThat(check).isEqualTo(new HistoryCheck(3, 2, 1, List.of()));
  }

  @Test
  void onlyTheKeysWithoutAnOrder_areNamed() {
    assertThat(
        badKeys(op("SET good 1", 1, 2, "OK"), op("SET stale 1", 1, 2, "OK"), op("SET stale 2", 3, 4, "OK"),
            op("GET stale", 5, 6, "1"), op("GET good", 5, 6, "1"), op("INCR lost", 1, 2, 1),
            op("INCR lost", 3, 4, 1), op("GET ghost", 1, 2, "never written")))
        .containsExactly("stale", "lost", "ghost");
  }

  @Test
  void unknownFate_maybeLaterOrNever_butOnce() {
    assertThat(badKeys(unknown("INCR k", 1), op("INCR k", 3, 4, 1), op("INCR k", 5, 6, 3))).isEmpty();
    assertThat(badKeys(unknown("INCR k", 1), op("INCR k", 3, 4, 1), op("INCR k", 5, 6, 2))).isEmpty();
    assertThat(badKeys(unknown("INCR k", 1), op("INCR k", 3, 4, 1), op("INCR k", 5, 6, 4)))
        .containsExactly("k");
  }

  @Test
  void oneClientWithSeveralAtOnce_isAPipeline() {
    assertThat(HistoryCheck.of(List.of(new Operation("c", "SET", "k", List.of("1"), 1, 9, "OK"),
        new Operation("c", "GET", "k", List.of(), 2, 3, "1"))).violations()).isEmpty();
  }

  @Test
  void aContradiction_isShownWithWhatIsAroundIt() {
    var history = new ArrayList<Operation>();
    IntStream.range(0, 1_000).forEach(i -> history.add(op("SET k v" + i, 10 * i, 10 * i + 5, "OK")));
    history.add(op("GET k", 5_001, 5_002, "v123"));
    history.add(unknown("SET k other", 4_000));
    var contradiction = new Contradiction(history);
    assertThat(contradiction.ordered()).isEqualTo(500);
    assertThat(contradiction.culprit()).isEqualTo(op("GET k", 5_001, 5_002, "v123"));
    List<String> lines = HistoryCheck.of(history).violations().get(0).lines();
    assertThat(lines).hasSizeLessThan(15).first().asString()
        .contains("1002 operations, 1 of unknown fate; the first 500 answers have an order");
    assertThat(lines).contains("  > c5001 GET k  [5001 .. 5002] -> \"v123\"",
        "    c1230 SET k \"v123\"  [1230 .. 1235] -> \"OK\"",
        "    c4990 SET k \"v499\"  [4990 .. 4995] -> \"OK\"",
        "    c4000 SET k \"other\"  [4000 .. ?] -> unknown",
        "    c5000 SET k \"v500\"  [5000 .. 5005] -> \"OK\"");
  }

  @Test
  void theFirstAnswerOfAll_mayBeTheContradiction() {
    var contradiction = new Contradiction(List.of(op("GET k", 1, 2, "x"), op("SET k x", 3, 4, "OK")));
    assertThat(contradiction.ordered()).isZero();
    assertThat(contradiction.lines()).hasSize(3);
  }

  @Test
  void aTextIsNotCounted() {
    List<Operation> counted = List.of(op("SET k text", 1, 2, "OK"), op("INCR k", 3, 4, 1));
    assertThat(HistoryCheck.of(counted).violations()).hasSize(1);
    List<Operation> before = List.of(op("SET k text", 1, 4, "OK"), op("INCR k", 1, 4, 1));
    assertThat(HistoryCheck.of(before).violations()).isEmpty();
  }
}
