package dss.app;

import dss.core.cluster.Address;
import dss.ecs.EcsSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "dev", mixinStandardHelpOptions = true, description = {
    "An ECS and servers in one process, all joined: for trying and for development.",
    "Prints a line that begins with 'DSS is ready' when every slot is served."}, footer = {"",
        "Example:  dss dev --servers 3", "          redis-cli -c -p 7001 set hello world"})
final class DevCommand implements Callable<Integer> {
  private static final Duration READY = Duration.ofMinutes(5);

  @Option(names = "--servers", defaultValue = "3", description = "how many (${DEFAULT-VALUE})")
  int servers;

  @Option(names = "--port", defaultValue = "7001", description = "of the first server (${DEFAULT-VALUE})")
  int port;

  @Option(names = "--ecs-port", defaultValue = "7000", description = "of the ECS (${DEFAULT-VALUE})")
  int ecsPort;

  @Option(names = "--consensus-port", description = "of the ECS's replicated log (ECS port + 20000)")
  @Nullable
  Integer consensusPort;

  @Option(names = "--http-port", defaultValue = "7080", description = "status page; 0: none (${DEFAULT-VALUE})")
  int httpPort;

  @Option(names = "--replicas", defaultValue = "3", description = "copies of each shard (${DEFAULT-VALUE})")
  int replicas;

  @Option(names = "--data", description = "where data is kept (a temporary folder, removed at exit)")
  @Nullable
  Path data;

  @Option(names = "--quiet", description = "no progress")
  boolean quiet;

  @Override
  public Integer call() throws Exception {
    Logging.quiet();
    if (!quiet) {
      System.err.println("starting an ECS and " + servers + " servers ...");
    }
    DssCluster cluster = DssCluster
        .start(new DssCluster.Options(servers, port, ecsPort, consensusPort, replicas,
            EcsSettings.DEFAULT_SHARDS, data, httpPort == 0 ? List.of() : List.of(httpPort)));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      Logging.onlyErrors();
      cluster.close();
    }, "stop"));
    try (StatusPage page = StatusPage.open("127.0.0.1", httpPort, List.of(cluster.ecsAddress()))) {
      cluster.awaitReady(READY);
      Address first = cluster.servers().get(0);
      System.out.println("DSS is ready: " + servers + " servers from " + first + " on, ECS at "
          + cluster.ecsAddress() + "; try: redis-cli -c -p " + first.port() + "; Ctrl-C ends it");
      System.out.flush();
      new CountDownLatch(1).await();
    }
    return Exit.DONE;
  }
}
