package dss.app;

import dss.core.cluster.Address;
import dss.core.ecs.Controller.TrustRefused;
import dss.ecs.Ecs;
import dss.ecs.EcsSettings;
import dss.ecs.EcsSettings.Peer;
import dss.ecs.EcsSettings.Recovery;
import dss.protocol.Bytes;
import dss.protocol.WordSplitter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
        "Example:  dss ecs --port 7000 --data /var/lib/dss/ecs",
        "Three:    dss ecs --port 7000 --peers a=10.0.0.1:7000,b=10.0.0.2:7000,c=10.0.0.3:7000 --host 10.0.0.1 ...",
        "          the same on each of the three, with its own --host"})
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

  @Option(names = "--peers", split = ",", paramLabel = "ID=H:P", defaultValue = "${env:DSS_PEERS}", description = {
      "all ECS of the cluster, this one too (three): one of them may fail.",
      "A new cluster begins when all of them run; a new one of an old cluster is taken in by the others."})
  List<String> peers = new ArrayList<>();

  @Option(names = "--recover-from", split = ",", converter = Converters.At.class, paramLabel = "H:P", description = {
      "where the data of all ECS is lost: rebuild it from what these servers know.",
      "One server is enough to name: it knows the others, and all of them must answer."})
  List<Address> recoverFrom = new ArrayList<>();

  @Option(names = "--accept-data-loss", description = "with --recover-from: go on without servers that are lost for good")
  boolean acceptDataLoss;

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
    Bytes secret = Secret.read(secretFile, true);
    Secret.requireUnlessLoopback(host, secret);
    var stopped = new CountDownLatch(1);
    Ecs ecs = Ecs.start(settings(secret), EcsCommand::broken);
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

  private static void broken(String why) {
    System.err.println("dss: this ECS must stop: " + why);
    Runtime.getRuntime().halt(Exit.REFUSED);
  }

  private List<Peer> parsePeers() throws CommandFailed {
    var parsed = new ArrayList<Peer>();
    for (String peer : peers) {
      int equals = peer.indexOf('=');
      String name = equals < 0 ? "ecs" : peer.substring(0, equals);
      if (!name.matches("[A-Za-z0-9_.-]{1,40}")) {
        throw new CommandFailed(Exit.USAGE,
            "--peers takes ID=HOST:PORT,..., an id of letters and digits, not '"
                + peer + "'");
      }
      try {
        parsed.add(new Peer(name, Address.parse(peer.substring(equals + 1))));
      } catch (IllegalArgumentException e) {
        throw new CommandFailed(Exit.USAGE, "--peers: " + e.getMessage());
      }
    }
    return parsed;
  }

  private EcsSettings settings(@Nullable Bytes secret) throws CommandFailed {
    TrustRefused trust = switch (trustRefused.toLowerCase(Locale.ROOT)) {
      case "auto" -> TrustRefused.AUTO;
      case "on" -> TrustRefused.ON;
      case "off" -> TrustRefused.OFF;
      default ->
        throw new CommandFailed(Exit.USAGE, "--trust-refused is auto, on or off, not " + trustRefused);
    };
    var settings = new EcsSettings(host, port, Ports.derived(peerPort, port, 10_000, "--peer-port"),
        Ports.derived(consensusPort, port, 20_000, "--consensus-port"),
        data == null ? Path.of("dss-data", "ecs-" + port) : data, replicas, shards, repairAfter, trust,
        secret, parsePeers(), recoverFrom.isEmpty() ? null : new Recovery(recoverFrom, acceptDataLoss));
    String objection = settings.objection();
    if (objection != null) {
      throw new CommandFailed(Exit.USAGE, objection);
    }
    return settings;
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
