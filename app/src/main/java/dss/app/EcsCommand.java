package dss.app;

import dss.core.cluster.Address;
import dss.core.ecs.Controller.TrustRefused;
import dss.ecs.Ecs;
import dss.ecs.EcsSettings;
import dss.protocol.Bytes;
import dss.protocol.WordSplitter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "ecs", mixinStandardHelpOptions = true, description = {
    "The control centre: members, ring, repairs; never on the way of data.",
    "With a terminal it is the console too; lines piped in are executed."}, footer = {"",
        "Example:  dss ecs --port 7000 --data /var/lib/dss/ecs"})
final class EcsCommand implements Callable<Integer> {
  @Option(names = "--port", defaultValue = "${env:DSS_PORT:-7000}", description = "RESP port (${DEFAULT-VALUE})")
  int port;

  @Option(names = "--host", defaultValue = "${env:DSS_HOST:-127.0.0.1}", description = "where its ports listen (${DEFAULT-VALUE})")
  String host = "127.0.0.1";

  @Option(names = "--http-port", defaultValue = "${env:DSS_HTTP_PORT:-7080}", description = "status page; 0: none (${DEFAULT-VALUE})")
  int httpPort;

  @Option(names = "--data", description = "data directory (dss-data/ecs-PORT)", defaultValue = "${env:DSS_DATA}")
  @Nullable
  Path data;

  @Option(names = "--peers", description = "other ECS processes (not in this version yet)")
  @Nullable
  String peers;

  @Option(names = "--recover-from", description = "servers to rebuild a lost ECS from (not in this version yet)")
  @Nullable
  String recoverFrom;

  @Option(names = "--replicas", description = "copies of each shard, when the cluster is created (3)", defaultValue = "${env:DSS_REPLICAS}")
  @Nullable
  Integer replicas;

  @Option(names = "--shards", description = "shards of the ring, a power of two, when the cluster is created (1024)", defaultValue = "${env:DSS_SHARDS}")
  @Nullable
  Integer shards;

  @Option(names = "--repair-after", defaultValue = "${env:DSS_REPAIR_AFTER:-60s}", converter = Converters.Time.class, description = "how long a dead server is waited for (${DEFAULT-VALUE})")
  Duration repairAfter = Duration.ofSeconds(60);

  @Option(names = "--peer-port", description = "of servers' sessions (port + 10000)")
  @Nullable
  Integer peerPort;

  @Option(names = "--consensus-port", description = "of the replicated log (port + 20000)")
  @Nullable
  Integer consensusPort;

  @Option(names = "--secret-file", description = "the cluster secret; made where there is no such file")
  @Nullable
  Path secretFile;

  @Option(names = "--trust-refused", defaultValue = "auto", description = "auto, on or off: a refused connection proves that a process is gone (${DEFAULT-VALUE})")
  String trustRefused = "auto";

  @Option(names = "--quiet", description = "no console prompt, no progress")
  boolean quiet;

  @Override
  public Integer call() throws Exception {
    refuseLater();
    Bytes secret = Secret.read(secretFile, true);
    Secret.requireUnlessLoopback(host, secret);
    Ecs ecs = Ecs.start(settings(secret));
    var stopped = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(ecs::close, "stop"));
    var own = new Address(host, port);
    try (StatusPage page = StatusPage.open(host, httpPort, List.of(own))) {
      System.out.println("ECS listening on " + own);
      System.out.flush();
      try (var link = new AdminLink(List.of(own))) {
        var session = new AdminSession(link, System.out, quiet);
        boolean quit = Console.run("ecs> ", line -> execute(session, line));
        if (!quit && !Console.isTerminal()) {
          stopped.await();
        }
      }
    }
    return Exit.DONE;
  }

  private void refuseLater() throws CommandFailed {
    if (peers != null) {
      throw new CommandFailed(Exit.REFUSED, "'dss ecs --peers' is not in this version yet");
    }
    if (recoverFrom != null) {
      throw new CommandFailed(Exit.REFUSED, "'dss ecs --recover-from' is not in this version yet");
    }
  }

  private EcsSettings settings(@Nullable Bytes secret) throws CommandFailed {
    TrustRefused trust = switch (trustRefused.toLowerCase(Locale.ROOT)) {
      case "auto" -> TrustRefused.AUTO;
      case "on" -> TrustRefused.ON;
      case "off" -> TrustRefused.OFF;
      default ->
        throw new CommandFailed(Exit.USAGE, "--trust-refused is auto, on or off, not " + trustRefused);
    };
    return new EcsSettings(host, port, Ports.derived(peerPort, port, 10_000, "--peer-port"),
        Ports.derived(consensusPort, port, 20_000, "--consensus-port"),
        data == null ? Path.of("dss-data", "ecs-" + port) : data, replicas, shards, repairAfter, trust,
        secret);
  }

  /** One line of the console; false: leave. */
  private static boolean execute(AdminSession session, String line) throws InterruptedException {
    try {
      List<String> words = WordSplitter.split(new String(line.getBytes(StandardCharsets.ISO_8859_1),
          StandardCharsets.UTF_8)).stream().map(Bytes::asUtf8).toList();
      if (words.isEmpty()) {
        return true;
      }
      if (words.get(0).equalsIgnoreCase("quit") || words.get(0).equalsIgnoreCase("exit")) {
        return false;
      }
      session.run(words);
    } catch (WordSplitter.UnbalancedQuotes | CommandFailed e) {
      System.out.println("error: " + e.getMessage());
    }
    return true;
  }
}
