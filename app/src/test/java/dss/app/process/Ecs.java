package dss.app.process;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** An ECS: its process, which may be ended and started again, and what an admin asks of it over RESP. */
final class Ecs {
  static final Duration STARTS = Duration.ofSeconds(30);
  /** Moving 100,000 small pairs included, on a busy machine of two cores. */
  static final Duration SETTLES = Duration.ofSeconds(45);
  private static final List<String> JVM = List.of("-Xmx256m", "-XX:TieredStopAtLevel=1");

  /** A server as {@code print --json} lists it. */
  record Line(String id, int port, String status, int primaries, int copies, long keys, boolean diskLow) {}

  private static final Collection<Ecs> SHOWN = new ConcurrentLinkedQueue<>();
  private static final int EVENTS_SHOWN = 80;

  private final Path directory;
  private final String name;
  private final int port;
  private List<String> options;
  private DssProcess process;

  private Ecs(Path directory, String name, int port, List<String> options) {
    this.directory = directory;
    this.name = name;
    this.port = port;
    this.options = List.copyOf(options);
    this.process = launch();
    SHOWN.add(this);
  }

  /** Starts one; it may not serve yet. */
  static Ecs launch(Path directory, String name, int port, String... options) {
    return new Ecs(directory, name, port, List.of(options));
  }

  private DssProcess launch() {
    var words = new ArrayList<>(List.of("ecs", "--port", Integer.toString(port), "--http-port", "0", "--data",
        directory.resolve(name).toString()));
    words.addAll(options);
    return DssProcess.start(directory, name, JVM, words);
  }

  Ecs awaitListening() {
    process.awaitOutput("ECS listening on 127.0.0.1:" + port, STARTS);
    return this;
  }

  void startAgain() {
    process = launch();
    awaitListening();
  }

  /** Starts it again with other options. */
  void startAgain(String... otherOptions) {
    options = List.of(otherOptions);
    startAgain();
  }

  DssProcess process() {
    return process;
  }

  Path data() {
    return directory.resolve(name);
  }

  int port() {
    return port;
  }

  // ---- what an admin asks

  /** The error's text, or what it answered. */
  String tell(String... words) {
    return switch (Resp.ask(port, words)) {
      case Resp.Err error -> error.text();
      case String text -> text;
      case null, default -> throw new AssertionError(String.join(" ", words) + " gave no text");
    };
  }

  void add(int server) {
    expect("adding", "ADD", "127.0.0.1", Integer.toString(server));
  }

  void remove(int server) {
    expect("removing", "REMOVE", "127.0.0.1", Integer.toString(server));
  }

  private void expect(String beginning, String... words) {
    String answer = tell(words);
    if (!answer.startsWith(beginning)) {
      throw new AssertionError(String.join(" ", words) + " gave " + answer);
    }
  }

  Map<String, Object> print() {
    try {
      return JSON.std.mapFrom(Resp.text(port, "PRINT", "JSON"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Map<?, ?>> ring() {
    return list("RING", "JSON");
  }

  /** The ECS processes that take part, by their ports, and what each is. */
  Map<Integer, String> ecsStates() {
    var states = new TreeMap<Integer, String>();
    if (print().get("ecs") instanceof Map<?, ?> told && told.get("states") instanceof List<?> list) {
      for (Object each : list) {
        Map<?, ?> state = (Map<?, ?>) each;
        String address = String.valueOf(state.get("address"));
        states.put(Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)),
            String.valueOf(state.get("status")));
      }
    }
    return states;
  }

  /** What happened, oldest first. */
  List<String> events() {
    return list("EVENTS", "JSON", "1000000").stream()
        .map(event -> event.get("time") + " " + event.get("what"))
        .toList();
  }

  private List<Map<?, ?>> list(String... words) {
    try {
      var items = new ArrayList<Map<?, ?>>();
      for (Object item : JSON.std.listFrom(Resp.text(port, words))) {
        items.add((Map<?, ?>) item);
      }
      return items;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it by force; it is not shown any more where a test fails. */
  void end() {
    SHOWN.remove(this);
    process.end();
  }

  /** What those that run say has happened last. */
  static String lastEvents() {
    var text = new StringBuilder();
    for (Ecs ecs : SHOWN) {
      if (ecs.process.isAlive() && Resp.answersPing(ecs.port)) {
        List<String> events = ecs.events();
        text.append("---- events of ").append(ecs.name).append(" (of ").append(events.size()).append(")\n");
        events.subList(Math.max(0, events.size() - EVENTS_SHOWN), events.size())
            .forEach(event -> text.append(event).append('\n'));
        text.append(ecs.print()).append('\n');
      }
    }
    return text.toString();
  }

  /** The statuses that a server has had, in order. */
  List<String> statusesOf(int server) {
    String about = " server 127.0.0.1:" + server + " ";
    var statuses = new ArrayList<String>();
    for (String event : events()) {
      String what = event.contains(about) ? event.substring(event.indexOf(about) + about.length()) : "";
      if (what.matches("(is|[A-Z_]+ ->) [A-Z_]+")) {
        statuses.add(what.substring(what.lastIndexOf(' ') + 1));
      }
    }
    return statuses;
  }

  Line line(int server) {
    return lines().stream().filter(line -> line.port() == server).findFirst()
        .orElse(new Line("", server, "not listed", 0, 0, 0, false));
  }

  List<Line> lines() {
    var lines = new ArrayList<Line>();
    List<?> servers = print().get("servers") instanceof List<?> list ? list : List.of();
    for (Object each : servers) {
      Map<?, ?> line = (Map<?, ?>) each;
      lines.add(new Line(String.valueOf(line.get("id")), number(line, "port"),
          String.valueOf(line.get("status")), number(line, "primaries"), number(line, "copies"),
          number(line, "keys"), Boolean.TRUE.equals(line.get("diskLow"))));
    }
    return lines;
  }

  private static int number(Map<?, ?> of, String field) {
    return of.get(field) instanceof Number number ? number.intValue() : -1;
  }

  /** A number that {@code print --json} shows of the whole cluster. */
  int number(String field) {
    return number(print(), field);
  }

  /** Of the cluster state. */
  long version() {
    return number("version");
  }

  String statusOf(int server) {
    return line(server).status();
  }

  void awaitStatus(int server, String status, Duration bound) {
    Await.until("server " + server + " is " + status, bound, () -> statusOf(server).equals(status));
  }

  void awaitBalanced() {
    Await.until("nothing moves", SETTLES, () -> Boolean.TRUE.equals(print().get("balanced")));
  }
}
