package dss.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a seed's run when the rest is cut away: which of its faults and ambushes, by number, how many of its
 * clients, and for how long.
 *
 * @param faults null: all of them
 * @param ambushes null: all of them
 * @param clients at most so many
 * @param untilMicros of virtual time; histories are checked as they are by then, the end of the run is not waited for
 */
public record Kept(@Nullable SortedSet<Integer> faults, @Nullable SortedSet<Integer> ambushes, int clients,
    long untilMicros) {
  /** A run as it is. */
  public static final Kept ALL = new Kept(null, null, Integer.MAX_VALUE, Long.MAX_VALUE);

  private static final String NOTHING = "none";
  private static final String ALL_AMBUSHES = "ambushes";
  private static final char AMBUSH = 'a';

  public Kept {
    faults = faults == null ? null : new TreeSet<>(faults);
    ambushes = ambushes == null ? null : new TreeSet<>(ambushes);
    if (clients < 0 || untilMicros < 0) {
      throw new IllegalArgumentException("less than nothing cannot be kept");
    }
  }

  boolean fault(int index) {
    return faults == null || faults.contains(index);
  }

  boolean ambush(int number) {
    return ambushes == null || ambushes.contains(number);
  }

  boolean isCut() {
    return untilMicros != Long.MAX_VALUE;
  }

  /** So many clients of these. */
  public Kept withClients(int most) {
    return new Kept(faults, ambushes, most, untilMicros);
  }

  /** Up to this time. */
  public Kept withUntil(long micros) {
    return new Kept(faults, ambushes, clients, micros);
  }

  /**
   * Of all that goes wrong only this.
   *
   * @param words numbers of faults; ambushes as a3, or {@code ambushes} for all of them; {@code none} is nothing
   * @throws IllegalArgumentException with a sentence, if a word is none of those
   */
  public Kept withOnly(List<String> words) {
    var onlyFaults = new TreeSet<Integer>();
    SortedSet<Integer> onlyAmbushes = new TreeSet<>();
    for (String word : words) {
      if (word.equals(ALL_AMBUSHES)) {
        onlyAmbushes = null;
      } else if (word.matches("a[0-9]{1,6}")) {
        if (onlyAmbushes != null) {
          onlyAmbushes.add(Integer.parseInt(word.substring(1)));
        }
      } else if (word.matches("[0-9]{1,6}")) {
        onlyFaults.add(Integer.parseInt(word));
      } else if (!word.equals(NOTHING)) {
        throw new IllegalArgumentException(
            "'" + word + "' is no number of a fault (7), nor of an ambush (a7), nor "
                + ALL_AMBUSHES + ", nor " + NOTHING);
      }
    }
    return new Kept(onlyFaults, onlyAmbushes, clients, untilMicros);
  }

  /** As options of {@code dss sim}; empty where all is kept. */
  String options() {
    var options = new StringBuilder();
    if (faults != null || ambushes != null) {
      options.append(" --only ").append(only());
    }
    if (clients != Integer.MAX_VALUE) {
      options.append(" --clients ").append(clients);
    }
    if (isCut()) {
      options.append(" --until ").append(untilMicros / 1000).append('.')
          .append(Long.toString(1000 + untilMicros % 1000), 1, 4);
    }
    return options.toString();
  }

  private String only() {
    var words = new ArrayList<String>();
    if (faults != null) {
      faults.forEach(i -> words.add(Integer.toString(i)));
    }
    if (ambushes == null) {
      words.add(ALL_AMBUSHES);
    } else {
      ambushes.forEach(i -> words.add(AMBUSH + Integer.toString(i)));
    }
    return words.isEmpty() ? NOTHING : words.stream().collect(Collectors.joining(","));
  }
}
