package dss.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DrawsTest {
  private static final int DRAWS = 400_000;

  private static long[] counts(KeyDraw draw, int keys) {
    var counts = new long[keys];
    for (int i = 0; i < DRAWS; i++) {
      counts[(int) draw.next()]++;
    }
    return counts;
  }

  @Test
  void zipf_drawsEachKeyAsOftenAsItsRankSays() {
    for (double s : new double[]{0.5, 0.99, 1, 2}) {
      int keys = 50;
      long[] counts = counts(new ZipfDraw(keys, s, new SplittableRandom(7)), keys);
      double sum = 0;
      for (int i = 1; i <= keys; i++) {
        sum += Math.pow(i, -s);
      }
      for (int i = 0; i < keys; i++) {
        double wanted = Math.pow(i + 1, -s) / sum;
        assertThat((double) counts[i] / DRAWS).as("key %d, s %s", i, s)
            .isCloseTo(wanted, within(4 * Math.sqrt(wanted / DRAWS) + 1e-4));
      }
    }
  }

  @Test
  void zipf_staysInside_fromOneKeyToABillion() {
    assertThat(new ZipfDraw(1, 0.99, new SplittableRandom(1)).next()).isZero();
    var many = new ZipfDraw(1_000_000_000, 0.01, new SplittableRandom(1));
    long most = 0;
    for (int i = 0; i < 10_000; i++) {
      long key = many.next();
      assertThat(key).isBetween(0L, 999_999_999L);
      most = Math.max(most, key);
    }
    assertThat(most).isGreaterThan(900_000_000L);
  }

  @Test
  void sequential_goesRound_fromTheLoopsOwnBegin() {
    var space = new KeySpace(10, Distribution.SEQUENTIAL, 1, 0);
    KeyDraw second = KeyDraw.of(space, Distribution.SEQUENTIAL, new SplittableRandom(1), 1, 3);
    long[] drawn = new long[8];
    java.util.Arrays.setAll(drawn, i -> second.next());
    assertThat(drawn).containsExactly(4, 5, 6, 7, 8, 9, 0, 1);
  }

  @Test
  void parts_areEven_andLeaveNothingOut() {
    assertThat(KeyDraw.firstOf(0, 3, 10)).isZero();
    assertThat(KeyDraw.firstOf(1, 3, 10)).isEqualTo(4);
    assertThat(KeyDraw.firstOf(2, 3, 10)).isEqualTo(7);
    assertThat(KeyDraw.firstOf(3, 3, 10)).isEqualTo(10);
  }

  @Test
  void kinds_comeByTheirWeights() {
    var draw = new KindDraw(Mix.parse("get=3,set=1"), new SplittableRandom(3));
    Map<Kind, Integer> counts = new HashMap<>();
    for (int i = 0; i < DRAWS; i++) {
      counts.merge(draw.next(), 1, Integer::sum);
    }
    assertThat(counts).hasSize(2);
    assertThat((double) counts.getOrDefault(Kind.GET, 0) / DRAWS).isCloseTo(0.75, within(0.01));
  }
}
