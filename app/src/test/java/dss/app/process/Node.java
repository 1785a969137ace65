package dss.app.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A server with its data directory, whose process may be ended and started again. */
final class Node {
  private static final List<String> JVM = List.of("-Xmx256m", "-Xshare:auto");
  private static final Duration STARTS = Duration.ofSeconds(30);
  private static final Duration STOPS = Duration.ofSeconds(20);

  private final Path directory;
  private final int port;
  private final List<String> options;
  private DssProcess process;

  private Node(Path directory, int port, List<String> options) {
    this.directory = directory;
    this.port = port;
    this.options = List.copyOf(options);
    this.process = launchProcess();
  }

  /** Starts one; it may not serve yet. */
  static Node launch(Path directory, int port, String... options) {
    return new Node(directory, port, List.of(options));
  }

  private DssProcess launchProcess() {
    var words = new java.util.ArrayList<>(
        List.of("server", "--port", Integer.toString(port), "--data",
            directory.resolve("server-" + port).toString(), "--memory", "384m", "--disk-reserve", "64m"));
    words.addAll(options);
    return DssProcess.start(directory, "server-" + port, JVM, words);
  }

  Node awaitListening() {
    process.awaitOutput("listening on 127.0.0.1:" + port, STARTS);
    return this;
  }

  void startAgain() {
    process = launchProcess();
    awaitListening();
  }

  /** Starts it without waiting until it listens. */
  void launchAgain() {
    process = launchProcess();
  }

  /** SIGTERM, until it has ended by itself. */
  int stop() {
    process.terminate();
    return process.awaitExit(STOPS);
  }

  DssProcess process() {
    return process;
  }

  int port() {
    return port;
  }

  String name() {
    return "127.0.0.1:" + port;
  }

  /** A field of INFO. */
  long info(String field) {
    for (String line : Resp.text(port, "INFO").split("\r\n")) {
      if (line.startsWith(field + ":")) {
        return Long.parseLong(line.substring(field.length() + 1));
      }
    }
    throw new UncheckedIOException(new IOException("no field " + field + " in INFO"));
  }
}
