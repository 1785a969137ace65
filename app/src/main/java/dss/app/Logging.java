package dss.app;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Logs to stderr, a line an event: time, level, where, what. DSS_LOG sets the level (ERROR, WARN, INFO, DEBUG). */
final class Logging {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'")
      .withZone(ZoneOffset.UTC);
  /** Kept, so that it is not collected with its level. */
  private static final Logger OWN = Logger.getLogger("dss");

  private Logging() {}

  static void install() {
    Logger root = Logger.getLogger("");
    for (var handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    var handler = new ConsoleHandler();
    handler.setLevel(Level.ALL);
    handler.setFormatter(new Line());
    root.addHandler(handler);
    root.setLevel(Level.WARNING);
    OWN.setLevel(level(System.getenv().getOrDefault("DSS_LOG", "INFO")));
    // Elections and reconfigurations of the consensus library are told by our own words.
    Logger.getLogger("org.apache.ratis").setLevel(Level.SEVERE);
  }

  static void quiet() {
    OWN.setLevel(Level.WARNING);
  }

  /** Of a whole cluster that ends, parts that miss one another are no news. */
  static void onlyErrors() {
    OWN.setLevel(Level.SEVERE);
  }

  private static Level level(String name) {
    return switch (name) {
      case "ERROR" -> Level.SEVERE;
      case "WARN" -> Level.WARNING;
      case "DEBUG" -> Level.FINE;
      default -> Level.INFO;
    };
  }

  private static final class Line extends Formatter {
    @Override
    public String format(LogRecord log) {
      String name = String.valueOf(log.getLoggerName());
      var out = new StringBuilder(TIME.format(Instant.ofEpochMilli(log.getMillis()))).append(' ')
          .append(log.getLevel() == Level.SEVERE
              ? "ERROR"
              : log.getLevel() == Level.WARNING
                  ? "WARN"
                  : log.getLevel() == Level.INFO ? "INFO" : "DEBUG")
          .append(' ').append(name.substring(name.lastIndexOf('.') + 1)).append(": ")
          .append(formatMessage(log))
          .append('\n');
      if (log.getThrown() != null) {
        var trace = new StringWriter();
        log.getThrown().printStackTrace(new PrintWriter(trace));
        out.append(trace);
      }
      return out.toString();
    }
  }
}
