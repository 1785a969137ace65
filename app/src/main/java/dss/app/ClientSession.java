package dss.app;

import dss.client.DssException;
import dss.client.Endpoint;
import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.Request;
import dss.protocol.WordSplitter;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Executes lines of {@code dss client}, each with one line as its reply. For one thread; what it says at log level
 * debug may come from others.
 */
final class ClientSession implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(15);
  static final String HELP = "Commands: connect HOST PORT, disconnect, put KEY VALUE (null or nothing: delete), get KEY,"
      + " delete KEY, keyrange, keyrange_read, logLevel [LEVEL], help, quit; other commands are those of Redis";
  private static final Bytes NULL = Bytes.utf8("null");
  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(2);
  private static final List<String> LEVELS = List.of("all", "debug", "info", "warn", "error", "off");
  /** Commands without a key: answered by the server that was named. */
  private static final Set<String> UNKEYED = Set.of("PING", "ECHO", "INFO", "CLUSTER", "COMMAND", "CONFIG",
      "DBSIZE", "FLUSHALL", "KEYRANGE", "KEYRANGE_READ", "TIME", "WAIT");
  /** Commands that mean a connection, of which there are several here. */
  private static final Set<String> OF_CONNECTIONS = Set.of("AUTH", "HELLO", "SELECT", "RESET", "CLIENT",
      "MULTI", "EXEC", "DISCARD", "WATCH", "UNWATCH", "SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "MONITOR",
      "READONLY", "READWRITE", "ASKING", "DSS.ONCE");

  /** A line's reply, and what the client exits with if it was the only command. */
  record Outcome(Bytes line, int status) {
    static Outcome done(Bytes line) {
      return new Outcome(line, Exit.DONE);
    }

    static Outcome error(String line) {
      return new Outcome(ReplyLine.error(line), Exit.REFUSED);
    }
  }

  private static final class NotConnected extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private final ClientLink.Opener opener;
  private final PrintStream log;
  private volatile String level;
  private @Nullable ClientLink link;
  private boolean ended;

  ClientSession(ClientLink.Opener opener, List<Endpoint> servers, PrintStream log, String level) {
    this.opener = opener;
    this.log = log;
    this.level = level;
    this.link = opener.open(servers, PATIENCE, this::again);
  }

  /** Whether quit was said. */
  boolean hasEnded() {
    return ended;
  }

  /** Executes a line as it was typed; null: there is nothing on it. */
  @Nullable
  Outcome line(byte[] line) {
    var words = new WordSplitter(line, 0, line.length);
    try {
      Bytes name = words.next();
      if (name == null) {
        return null;
      }
      return name.equalsIgnoreCase("PUT") ? putLine(words) : guarded(name, rest(words));
    } catch (WordSplitter.UnbalancedQuotes e) {
      return Outcome.error("ERR " + e.getMessage());
    }
  }

  /** Executes a command whose words, at least one, are split already; those after the key of a put are its value. */
  Outcome words(List<Bytes> words) {
    List<Bytes> rest = words.subList(1, words.size());
    if (!words.get(0).equalsIgnoreCase("PUT")) {
      return guarded(words.get(0), rest);
    }
    if (rest.isEmpty()) {
      return usage("put KEY VALUE");
    }
    Bytes value = ReplyLine.joined(rest.subList(1, rest.size()));
    return put(rest.get(0), rest.size() == 1 || value.equals(NULL) ? null : value);
  }

  private Outcome putLine(WordSplitter words) throws WordSplitter.UnbalancedQuotes {
    Bytes key = words.next();
    if (key == null) {
      return usage("put KEY VALUE");
    }
    if (!words.nextIsQuoted()) {
      Bytes value = words.rest();
      return put(key, value.isEmpty() || value.equals(NULL) ? null : value);
    }
    Bytes value = words.next();
    return words.next() == null
        ? put(key, value)
        : usage("put KEY VALUE, all of the value in one pair of quotes or without any");
  }

  private Outcome put(Bytes key, @Nullable Bytes value) {
    return guarded(Bytes.utf8("put"), value == null ? List.of(key) : List.of(key, value));
  }

  private Outcome guarded(Bytes name, List<Bytes> rest) {
    try {
      return execute(name, rest);
    } catch (NotConnected e) {
      return Outcome.error("ERR not connected: connect HOST PORT");
    } catch (DssException.Unavailable e) {
      return new Outcome(ReplyLine.error("UNAVAILABLE " + e.getMessage()),
          e.answered() ? Exit.REFUSED : Exit.NOBODY);
    } catch (DssException e) {
      return Outcome.error(e.mayHaveHappened() ? "UNCERTAIN " + e.getMessage() : "" + e.getMessage());
    }
  }

  private Outcome execute(Bytes name, List<Bytes> rest) {
    return switch (name.asUtf8().toLowerCase(Locale.ROOT)) {
      case "put" -> rest.size() == 1 ? delete(rest.get(0)) : set(rest.get(0), rest.get(1));
      case "get", "delete" -> getOrDelete(name, rest);
      case "keyrange", "keyrange_read" -> keyRange(name, rest);
      case "connect" -> connect(rest);
      case "disconnect" -> disconnect();
      case "loglevel" -> logLevel(rest);
      case "help", "?" -> Outcome.done(Bytes.utf8(HELP));
      case "quit", "exit" -> quit();
      default -> other(name, rest);
    };
  }

  private static List<Bytes> rest(WordSplitter words) throws WordSplitter.UnbalancedQuotes {
    var rest = new ArrayList<Bytes>();
    for (Bytes word = words.next(); word != null; word = words.next()) {
      rest.add(word);
    }
    return rest;
  }

  // ---- put, get, delete

  private Outcome set(Bytes key, Bytes value) {
    Reply reply = link().keyed(key, Request.of(List.of(Bytes.utf8("PUT"), key, value)));
    return reply instanceof Reply.Simple simple
        ? Outcome.done(ReplyLine.of(simple.text(), key, value))
        : plain(reply);
  }

  private Outcome getOrDelete(Bytes name, List<Bytes> rest) {
    if (rest.size() != 1) {
      return usage(name.asUtf8() + " KEY, a key with spaces in quotes");
    }
    return name.equalsIgnoreCase("GET") ? get(rest.get(0)) : delete(rest.get(0));
  }

  private Outcome get(Bytes key) {
    Reply reply = link().keyed(key, Request.of(List.of(Bytes.utf8("GET"), key)));
    if (reply instanceof Reply.Bulk bulk) {
      return Outcome.done(ReplyLine.of("GET_SUCCESS", key, bulk.bytes()));
    }
    return reply instanceof Reply.Null
        ? new Outcome(ReplyLine.of("GET_ERROR", key), Exit.REFUSED)
        : plain(reply);
  }

  private Outcome delete(Bytes key) {
    Reply reply = link().keyed(key, Request.of(List.of(Bytes.utf8("DELETE"), key)));
    return reply instanceof Reply.Simple simple
        ? new Outcome(ReplyLine.of(simple.text(), key),
            simple.text().endsWith("_ERROR") ? Exit.REFUSED : Exit.DONE)
        : plain(reply);
  }

  // ---- others

  private Outcome keyRange(Bytes name, List<Bytes> rest) {
    if (!rest.isEmpty()) {
      return usage(name.asUtf8());
    }
    Reply reply = link().any(Request.of(List.of(name)));
    return reply instanceof Reply.Bulk bulk ? Outcome.done(bulk.bytes()) : plain(reply);
  }

  private Outcome other(Bytes name, List<Bytes> rest) {
    String upper = name.asUtf8().toUpperCase(Locale.ROOT);
    if (OF_CONNECTIONS.contains(upper)) {
      return Outcome.error("ERR '" + name + "' is about a connection; use redis-cli -c for it");
    }
    var words = new ArrayList<Bytes>();
    words.add(name);
    words.addAll(rest);
    Request request = Request.of(words);
    return plain(UNKEYED.contains(upper) || rest.isEmpty()
        ? link().any(request)
        : link().keyed(rest.get(0), request));
  }

  private static Outcome plain(Reply reply) {
    return new Outcome(ReplyLine.of(reply), reply.isError() ? Exit.REFUSED : Exit.DONE);
  }

  private static Outcome usage(String text) {
    return Outcome.error("ERR usage: " + text);
  }

  // ---- the session itself

  private ClientLink link() {
    ClientLink now = link;
    if (now == null) {
      throw new NotConnected();
    }
    return now;
  }

  private Outcome connect(List<Bytes> rest) {
    Endpoint to;
    try {
      to = Endpoint.parse(String.join(":", rest.stream().map(Bytes::asUtf8).toList()));
    } catch (IllegalArgumentException e) {
      return usage("connect HOST PORT");
    }
    try (ClientLink trial = opener.open(List.of(to), CONNECT_PATIENCE, this::again)) {
      trial.any(Request.of("PING"));
    } catch (DssException e) {
      return Outcome.error("UNAVAILABLE " + e.getMessage());
    }
    disconnect();
    link = opener.open(List.of(to), PATIENCE, this::again);
    return Outcome.done(Bytes.utf8("CONNECTED " + to));
  }

  private Outcome disconnect() {
    close();
    link = null;
    return Outcome.done(Bytes.utf8("DISCONNECTED"));
  }

  private Outcome logLevel(List<Bytes> rest) {
    if (!rest.isEmpty()) {
      String asked = rest.get(0).asUtf8().toLowerCase(Locale.ROOT);
      if (rest.size() > 1 || !LEVELS.contains(asked)) {
        return usage("logLevel [" + String.join("|", LEVELS) + "]");
      }
      level = asked;
    }
    return Outcome.done(Bytes.utf8("LOG_LEVEL " + level));
  }

  private Outcome quit() {
    ended = true;
    return Outcome.done(Bytes.utf8("BYE"));
  }

  /** In the seed's words where it had one. */
  private void again(String where, String why) {
    if (level.equals("debug") || level.equals("all")) {
      String word = why.startsWith("MOVED")
          ? "SERVER_NOT_RESPONSIBLE"
          : why.contains("SERVER_STOPPED")
              ? "SERVER_STOPPED"
              : why.contains("SERVER_WRITE_LOCK") ? "SERVER_WRITE_LOCK" : "AGAIN";
      log.println("debug: " + word + " " + where + ": " + why);
    }
  }

  @Override
  public void close() {
    if (link != null) {
      link.close();
    }
  }
}
