package dss.client;

import dss.protocol.Reply;
import org.jspecify.annotations.Nullable;

/** What an attempt's reply means for its request. Immutable. Source: docs/formats.md, Words on the RESP wire. */
sealed interface Verdict {
  /** The request is done, by a value or an error that no retry changes. */
  record Done(Reply reply) implements Verdict {}

  /** Another server owns the slot. */
  record Moved(int slot, Endpoint to, String line) implements Verdict {}

  /** To be tried again; {@code uncertain}: this attempt may have taken effect all the same. */
  record Again(String line, boolean uncertain) implements Verdict {}

  /** It may have taken effect, and no retry will tell. */
  record Lost(String line) implements Verdict {}

  /**
   * Judges a reply.
   *
   * @param from who answered
   * @param maybe whether an earlier attempt may have taken effect: a refusal before evaluation says nothing about it
   */
  static Verdict of(Reply reply, Endpoint from, boolean maybe) {
    if (!(reply instanceof Reply.Error error)) {
      return new Done(reply);
    }
    String line = error.text();
    return switch (error.code()) {
      case "MOVED" -> moved(line, from);
      case "TRYAGAIN", "CLUSTERDOWN", "NOREPLICAS", "LOADING" -> new Again(line, false);
      case "UNCERTAIN" -> line.startsWith("UNCERTAIN forgotten") ? new Lost(line) : new Again(line, true);
      case "OOM" -> maybe ? new Again(line, false) : new Done(reply);
      default ->
        line.startsWith("ERR max number of clients") ? new Again(line, false) : new Done(reply);
    };
  }

  private static Verdict moved(String line, Endpoint from) {
    String[] words = line.split(" ");
    Endpoint to = words.length < 3 ? null : endpoint(words[2], from);
    if (to == null || !words[1].matches("[0-9]{1,5}")) {
      return new Again(line, false);
    }
    return new Moved(Integer.parseInt(words[1]), to, line);
  }

  /** Without a host it is the answering server's own. */
  private static @Nullable Endpoint endpoint(String text, Endpoint from) {
    try {
      return Endpoint.parse(text.lastIndexOf(':') == 0 ? from.host() + text : text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
