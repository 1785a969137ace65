package dss.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Which keys are drawn how often. */
public enum Distribution {
  /** Each as likely as any other. */
  UNIFORM,
  /** Key i as often as 1 / (i + 1)^s: the first ones are hot. */
  ZIPF,
  /** One after the other, from the first again after the last. */
  SEQUENTIAL;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The distribution of this name; IllegalArgumentException with a sentence otherwise. */
  public static Distribution parse(String word) {
    for (Distribution distribution : values()) {
      if (distribution.word().equals(word.toLowerCase(Locale.ROOT))) {
        return distribution;
      }
    }
    throw new IllegalArgumentException("no distribution '" + word + "': there are "
        + Arrays.stream(values()).map(Distribution::word).collect(Collectors.joining(", ")));
  }
}
