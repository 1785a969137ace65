package dss.bench;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Kinds of operations and how often each is drawn: its weight among the sum of weights. */
public record Mix(List<Share> shares) {
  private static final int MOST_WEIGHT = 1_000_000;

  /** One kind, of a weight of 1 to 1,000,000. */
  public record Share(Kind kind, int weight) {
    public Share {
      if (weight < 1 || weight > MOST_WEIGHT) {
        throw new IllegalArgumentException(
            "a weight in --mix is 1 to " + MOST_WEIGHT + ", that of " + kind.word() + " is " + weight);
      }
    }
  }

  public Mix {
    shares = List.copyOf(shares);
    if (shares.isEmpty()) {
      throw new IllegalArgumentException("--mix names no kind of operation");
    }
    if (shares.stream().map(Share::kind).distinct().count() != shares.size()) {
      throw new IllegalArgumentException("--mix names a kind of operation twice");
    }
  }

  /** One kind alone. */
  public static Mix of(Kind kind) {
    return new Mix(List.of(new Share(kind, 1)));
  }

  /** Parses {@code get=1,set=1}, or {@code set} alone; IllegalArgumentException with a sentence otherwise. */
  public static Mix parse(String text) {
    return new Mix(Arrays.stream(text.split(",")).map(Mix::share).toList());
  }

  private static Share share(String text) {
    int equals = text.indexOf('=');
    String weight = equals < 0 ? "1" : text.substring(equals + 1);
    if (!weight.matches("[0-9]{1,9}")) {
      throw new IllegalArgumentException("'" + text + "' in --mix is not KIND=WEIGHT, such as set=1");
    }
    return new Share(Kind.parse(equals < 0 ? text : text.substring(0, equals)), Integer.parseInt(weight));
  }

  @Override
  public String toString() {
    return shares.stream().map(share -> share.kind().word() + "=" + share.weight())
        .collect(Collectors.joining(","));
  }
}
