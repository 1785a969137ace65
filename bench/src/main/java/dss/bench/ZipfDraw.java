package dss.bench;

import java.util.SplittableRandom;

/**
 * Draws key i as often as 1 / (i + 1)^s, for any s above 0, in constant time and without a table.
 *
 * <p>Rejection-inversion: W. Hörmann, G. Derflinger, "Rejection-inversion to generate variates from monotone discrete
 * distributions", ACM TOMACS 6 (1996). For one thread.
 */
final class ZipfDraw implements KeyDraw {
  /** Below it the series is more exact than the quotient. */
  private static final double SMALL = 1e-8;

  private final long keys;
  private final double exponent;
  private final SplittableRandom random;
  private final double integralOfFirst;
  private final double integralOfAll;
  private final double sureDistance;

  ZipfDraw(long keys, double exponent, SplittableRandom random) {
    this.keys = keys;
    this.exponent = exponent;
    this.random = random;
    this.integralOfFirst = integral(1.5) - 1;
    this.integralOfAll = integral(keys + 0.5);
    this.sureDistance = 2 - inverse(integral(2.5) - height(2));
  }

  @Override
  public long next() {
    while (true) {
      double area = integralOfAll + random.nextDouble() * (integralOfFirst - integralOfAll);
      double x = inverse(area);
      long rank = Math.max(1, Math.min(keys, (long) (x + 0.5)));
      if (rank - x <= sureDistance || area >= integral(rank + 0.5) - height(rank)) {
        return rank - 1;
      }
    }
  }

  private double height(double x) {
    return Math.exp(-exponent * Math.log(x));
  }

  /** Of the height from 1 to x. */
  private double integral(double x) {
    double log = Math.log(x);
    double t = (1 - exponent) * log;
    return (Math.abs(t) < SMALL ? 1 + t / 2 : Math.expm1(t) / t) * log;
  }

  private double inverse(double area) {
    double t = Math.max(-1, area * (1 - exponent));
    return Math.exp((Math.abs(t) < SMALL ? 1 - t / 2 : Math.log1p(t) / t) * area);
  }
}
