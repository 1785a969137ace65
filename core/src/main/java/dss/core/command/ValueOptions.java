package dss.core.command;

import dss.core.entry.Effect;
import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.Request;
import org.jspecify.annotations.Nullable;

/** The options of SET and GETEX, read from the words behind the key (and value). */
final class ValueOptions {
  private static final int SECONDS = 1;
  private static final int MILLISECONDS = 2;
  private static final int UNIX_SECONDS = 3;
  private static final int UNIX_MILLISECONDS = 4;

  boolean notExisting;
  boolean existing;
  boolean get;
  boolean keepTtl;
  boolean persist;
  @Nullable
  Bytes ifEqual;
  private int unit;
  private Bytes time = Bytes.EMPTY;

  private ValueOptions() {}

  /** The options of a SET; null where they contradict each other or are none. */
  static @Nullable ValueOptions ofSet(Request request) {
    var options = new ValueOptions();
    for (int i = 3; i < request.size(); i++) {
      Bytes word = request.get(i);
      Bytes next = i + 1 < request.size() ? request.get(i + 1) : null;
      int taken = options.condition(word, next);
      if (taken == 0) {
        taken = options.time(word, next);
      }
      if (taken == 0) {
        return null;
      }
      i += taken - 1;
    }
    return options;
  }

  /** The options of a GETEX, likewise. */
  static @Nullable ValueOptions ofGetEx(Request request) {
    var options = new ValueOptions();
    for (int i = 2; i < request.size(); i++) {
      Bytes word = request.get(i);
      int taken = 0;
      if (word.equalsIgnoreCase("PERSIST")) {
        taken = options.unit == 0 ? 1 : 0;
        options.persist = true;
      } else {
        taken = options.time(word, i + 1 < request.size() ? request.get(i + 1) : null);
      }
      if (taken == 0) {
        return null;
      }
      i += taken - 1;
    }
    return options;
  }

  boolean hasTime() {
    return unit != 0;
  }

  /** Whether SET need not look at the key. */
  boolean isBlind() {
    return !notExisting && !existing && !get && !keepTtl && ifEqual == null;
  }

  /** How many words a condition takes, 0: it is none, or contradicts another. */
  private int condition(Bytes word, @Nullable Bytes next) {
    if (word.equalsIgnoreCase("NX")) {
      notExisting = true;
      return existing || ifEqual != null ? 0 : 1;
    }
    if (word.equalsIgnoreCase("XX")) {
      existing = true;
      return notExisting || ifEqual != null ? 0 : 1;
    }
    if (word.equalsIgnoreCase("IFEQ")) {
      ifEqual = next;
      return next == null || notExisting || existing ? 0 : 2;
    }
    if (word.equalsIgnoreCase("GET")) {
      get = true;
      return 1;
    }
    if (word.equalsIgnoreCase("KEEPTTL")) {
      keepTtl = true;
      return unit != 0 ? 0 : 1;
    }
    return 0;
  }

  private int time(Bytes word, @Nullable Bytes next) {
    int named = unitOf(word);
    if (named == 0 || next == null || keepTtl || persist || (unit != 0 && unit != named)) {
      return 0;
    }
    unit = named;
    time = next;
    return 2;
  }

  private static int unitOf(Bytes word) {
    if (word.equalsIgnoreCase("EX")) {
      return SECONDS;
    }
    if (word.equalsIgnoreCase("PX")) {
      return MILLISECONDS;
    }
    if (word.equalsIgnoreCase("EXAT")) {
      return UNIX_SECONDS;
    }
    return word.equalsIgnoreCase("PXAT") ? UNIX_MILLISECONDS : 0;
  }

  /** The error in the time that was given; null where there is none. */
  @Nullable
  Reply timeError(CommandSpec spec, long nowMs) {
    if (unit == 0) {
      return null;
    }
    if (!Numbers.isLong(time)) {
      return Errors.NOT_AN_INTEGER;
    }
    long value = Numbers.toLong(time);
    boolean inSeconds = unit == SECONDS || unit == UNIX_SECONDS;
    if (value <= 0 || (inSeconds && value > Long.MAX_VALUE / 1000)) {
      return Errors.expireTime(spec);
    }
    long ms = inSeconds ? value * 1000 : value;
    return isRelative() && ms > Long.MAX_VALUE - nowMs ? Errors.expireTime(spec) : null;
  }

  /** The time that was given, milliseconds since 1970, once {@link #timeError} found nothing; NEVER without one. */
  long expireAt(long nowMs) {
    if (unit == 0) {
      return Effect.NEVER;
    }
    long value = Numbers.toLong(time);
    long ms = unit == SECONDS || unit == UNIX_SECONDS ? value * 1000 : value;
    return Math.min(isRelative() ? ms + nowMs : ms, Effect.NEVER - 1);
  }

  private boolean isRelative() {
    return unit == SECONDS || unit == MILLISECONDS;
  }
}
