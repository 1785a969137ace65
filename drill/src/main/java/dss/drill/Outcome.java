package dss.drill;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a client knows of a request after its one sending. What error replies mean: dss.client.Verdict. */
public sealed interface Outcome {
  /** It was done; the reply is a String, a Long or null. */
  record Answered(@Nullable Object reply) implements Outcome {}

  /** It did not happen, and never will. */
  record NotDone(String why) implements Outcome {
    private static final Set<String> PASSING = Set.of("MOVED", "TRYAGAIN", "CLUSTERDOWN", "NOREPLICAS",
        "LOADING", NO_CONNECTION);

    /** Whether servers that fail and move are a reason for it. */
    public boolean isOfFaults() {
      return PASSING.contains(why.split("[ :]", 2)[0]);
    }
  }

  /** It may have happened, may yet happen, or may not. */
  record Unknown(String why) implements Outcome {}

  /** The first word where nothing was sent. */
  String NO_CONNECTION = "NO_CONNECTION";

  /** A server has answered by an error. */
  static Outcome ofError(String line) {
    return line.startsWith("UNCERTAIN") ? new Unknown(line) : new NotDone(line);
  }

  /** No connection was to be had. */
  static Outcome noConnection(Exception failure) {
    return new NotDone(NO_CONNECTION + ": " + failure);
  }
}
