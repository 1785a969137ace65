package dss.app.process;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.Jedis;

/** An ECS and servers, each a process of its own; all of them end with {@link #close}. */
final class TestCluster implements AutoCloseable {
  /** Kept, so that it is not collected with its level: Jedis warns at each connection that it speaks RESP2. */
  private static final java.util.logging.Logger JEDIS = java.util.logging.Logger
      .getLogger("redis.clients.jedis");
  private static int nextPort = 21_000 + (int) (ProcessHandle.current().pid() % 400) * 20;

  final Path data;
  final int ecsPort;
  private DssProcess ecs;
  private final Map<Integer, DssProcess> servers = new TreeMap<>();

  TestCluster(Path data, String... ecsOptions) throws IOException {
    this.data = data;
    JEDIS.setLevel(java.util.logging.Level.SEVERE);
    this.ecsPort = freePort();
    this.ecs = startEcs("ecs", ecsOptions);
    awaitEcs();
  }

  /** Free together with its neighbours at +2000 and +3000. */
  static synchronized int freePort() {
    while (true) {
      int port = nextPort++;
      if (isFree(port) && isFree(port + 10_000) && isFree(port + 20_000)) {
        return port;
      }
    }
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket(port)) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  // ---- processes

  DssProcess startEcs(String directory, String... options) throws IOException {
    var arguments = new ArrayList<>(List.of("ecs", "--port", "" + ecsPort, "--http-port", "0", "--data",
        data.resolve(directory).toString()));
    arguments.addAll(List.of(options));
    ecs = DssProcess.start(data.resolve("ecs.out"), arguments.toArray(new String[0]));
    return ecs;
  }

  DssProcess ecs() {
    return ecs;
  }

  void awaitEcs() {
    Await.until("the ECS", Duration.ofSeconds(60), ecs::output, () -> {
      report();
      return true;
    });
  }

  int startServer(String... options) throws IOException {
    return restartServer(freePort(), options);
  }

  /** Starts a server that knows the ECS; returns when it listens. */
  int restartServer(int port, String... options) throws IOException {
    var all = new ArrayList<>(List.of("--ecs", "127.0.0.1:" + ecsPort));
    all.addAll(List.of(options));
    return startAlone(port, all.toArray(new String[0]));
  }

  int startAlone(int port, String... options) throws IOException {
    var arguments = new ArrayList<>(
        List.of("server", "--port", "" + port, "--memory", "256m", "--disk-reserve", "64m",
            "--data", data.resolve("s" + port).toString()));
    arguments.addAll(List.of(options));
    DssProcess started = DssProcess.start(data.resolve("s" + port + ".out"),
        arguments.toArray(new String[0]));
    servers.put(port, started);
    Await.until("server " + port, Duration.ofSeconds(60), started::output, () -> ping(port));
    return port;
  }

  static boolean ping(int port) {
    try (var jedis = new Jedis("127.0.0.1", port, 1_000)) {
      return jedis.ping().equals("PONG");
    }
  }

  DssProcess server(int port) {
    DssProcess found = servers.get(port);
    if (found == null) {
      throw new IllegalArgumentException("no server on " + port);
    }
    return found;
  }

  // ---- the admin

  String admin(String... words) {
    try (var jedis = new Jedis("127.0.0.1", ecsPort, 30_000)) {
      byte[][] arguments = new byte[words.length - 1][];
      for (int i = 1; i < words.length; i++) {
        arguments[i - 1] = words[i].getBytes(java.nio.charset.StandardCharsets.UTF_8);
      }
      Object reply = jedis.sendCommand(() -> words[0].getBytes(java.nio.charset.StandardCharsets.UTF_8),
          arguments);
      return reply instanceof byte[] bytes
          ? new String(bytes, java.nio.charset.StandardCharsets.UTF_8)
          : String.valueOf(reply);
    }
  }

  Map<String, Object> report() throws IOException {
    return JSON.std.mapFrom(admin("PRINT", "JSON"));
  }

  void add(int port) {
    admin("ADD", "127.0.0.1", "" + port);
    awaitBalanced();
  }

  void remove(int port) {
    admin("REMOVE", "127.0.0.1", "" + port);
    awaitBalanced();
  }

  void awaitBalanced() {
    Await.until("balance", Duration.ofSeconds(90), this::describe,
        () -> Boolean.TRUE.equals(report().get("balanced")));
  }

  @SuppressWarnings("unchecked")
  String status(int port) throws IOException {
    for (Object line : (List<Object>) report().getOrDefault("servers", List.of())) {
      var server = (Map<String, Object>) line;
      if (server.get("port") instanceof Number n && n.intValue() == port) {
        return String.valueOf(server.get("status"));
      }
    }
    return "none";
  }

  void awaitStatus(int port, String status) {
    Await.until("status " + status + " of " + port, Duration.ofSeconds(20), this::describe,
        () -> status(port).equals(status));
  }

  String describe() {
    var out = new StringBuilder();
    try {
      out.append(admin("PRINT")).append(admin("EVENTS", "60"));
    } catch (RuntimeException e) {
      out.append(e).append('\n');
    }
    out.append("---- ecs\n").append(tail(ecs.output()));
    servers.forEach(
        (port, server) -> out.append("---- ").append(port).append('\n').append(tail(server.output())));
    return out.toString();
  }

  private static String tail(String text) {
    return text.substring(Math.max(0, text.length() - 1_500));
  }

  /** The command line itself: exit status and all it printed. */
  record Ran(int status, String output) {}

  Ran dss(String... arguments) throws IOException, InterruptedException {
    var command = DssProcess.start(data.resolve("cli-" + System.nanoTime() + ".out"), arguments);
    return new Ran(command.exitStatus(), command.output());
  }

  /** The ring as one server tells it: owner's port of each slot. */
  static int[] ring(int port) {
    var owners = new int[16_384];
    try (var jedis = new Jedis("127.0.0.1", port, 5_000)) {
      for (Object entry : jedis.clusterSlots()) {
        var arc = (List<?>) entry;
        int owner = ((Number) ((List<?>) arc.get(2)).get(1)).intValue();
        for (int slot = ((Number) arc.get(0)).intValue(); slot <= ((Number) arc.get(1)).intValue(); slot++) {
          owners[slot] = owner;
        }
      }
    }
    return owners;
  }

  static long owners(int port) {
    return java.util.Arrays.stream(ring(port)).distinct().count();
  }

  @Override
  public void close() {
    servers.values().forEach(DssProcess::end);
    ecs.end();
  }

  static boolean hasRedisCli() {
    try {
      return new ProcessBuilder("redis-cli", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  static String redisCli(int port, String... words) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("redis-cli", "-c", "-p", "" + port));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var out = new ByteArrayOutputStream();
    process.getInputStream().transferTo(new PrintStream(out));
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    return out.toString(java.nio.charset.StandardCharsets.UTF_8).strip();
  }
}
