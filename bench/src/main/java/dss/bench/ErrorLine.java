package dss.bench;

import org.jspecify.annotations.Nullable;

/**
 * What an error reply asks of a client.
 *
 * @param word the first one, its code
 * @param slot that has moved, and {@code to} whom; null where it says nobody or says it wrongly
 */
record ErrorLine(String word, Action action, int slot, @Nullable Endpoint to) {
  enum Action {
    /** Another server owns the slot. */
    REDIRECT,
    /** Not now: to be tried again. */
    RETRY,
    /** No retry changes it. */
    FAIL
  }

  /**
   * Judges an error.
   *
   * @param host of who answered: it stands in where a redirect names none
   */
  static ErrorLine of(String line, String host) {
    String[] words = line.split(" ");
    return switch (words[0]) {
      case "MOVED" -> moved(words, host);
      case "TRYAGAIN", "LOADING", "CLUSTERDOWN", "ASK", GrpcStatus.UNAVAILABLE ->
        new ErrorLine(words[0], Action.RETRY, 0, null);
      default -> new ErrorLine(words[0], Action.FAIL, 0, null);
    };
  }

  private static ErrorLine moved(String[] words, String host) {
    if (words.length < 3 || !words[1].matches("[0-9]{1,5}")) {
      return new ErrorLine(words[0], Action.RETRY, 0, null);
    }
    Endpoint to = null;
    try {
      to = Endpoint.parse(words[2], host);
    } catch (IllegalArgumentException e) {
      // The next map of the slots will tell.
    }
    return new ErrorLine(words[0], Action.REDIRECT, Integer.parseInt(words[1]), to);
  }
}
