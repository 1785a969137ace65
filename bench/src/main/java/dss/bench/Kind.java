package dss.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** A kind of operation, and the command it is on the wire. */
public enum Kind {
  SET, GET, INCR, MSET, APPEND, DEL;

  /** Keys of one MSET: all in one slot, by their hash tag. */
  static final int MSET_KEYS = 10;

  /** As people write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What the name of its keys begins with: counters are apart from texts, which INCR refuses. */
  String keyPrefix() {
    return this == INCR ? "counter:" : "key:";
  }

  /** The kind of this name; IllegalArgumentException with a sentence otherwise. */
  static Kind parse(String word) {
    for (Kind kind : values()) {
      if (kind.word().equals(word.toLowerCase(Locale.ROOT))) {
        return kind;
      }
    }
    throw new IllegalArgumentException("no kind of operation '" + word + "': there are "
        + Arrays.stream(values()).map(Kind::word).collect(Collectors.joining(", ")));
  }
}
