package dss.bench;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Draws kinds by their weights, without allocating. For one thread. */
final class KindDraw {
  private final Kind[] kinds;
  /** Sums of the weights up to each kind. */
  private final int[] upTo;
  private final SplittableRandom random;

  KindDraw(Mix mix, SplittableRandom random) {
    this.random = random;
    this.kinds = mix.shares().stream().map(Mix.Share::kind).toArray(Kind[]::new);
    this.upTo = mix.shares().stream().mapToInt(Mix.Share::weight).toArray();
    Arrays.parallelPrefix(upTo, Integer::sum);
  }

  Kind next() {
    if (kinds.length == 1) {
      return kinds[0];
    }
    int at = random.nextInt(upTo[upTo.length - 1]);
    int i = 0;
    while (at >= upTo[i]) {
      i++;
    }
    return kinds[i];
  }
}
