package dss.app;

import dss.core.cluster.Address;
import dss.protocol.Bytes;
import dss.server.Server;
import dss.server.ServerSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "server", mixinStandardHelpOptions = true, description = {
    "A server: stores shards, serves Redis clients, replicates.",
    "It registers with the ECS and is STOPPED until it is added; without --ecs it waits to be added."}, footer = {
        "", "Example:  dss server --port 7001 --ecs 127.0.0.1:7000 --join"})
final class ServerCommand implements Callable<Integer> {
  @Option(names = "--port", required = true, defaultValue = "${env:DSS_PORT}", description = "RESP port")
  int port;

  @Option(names = "--peer-port", description = "of other servers and the ECS (port + 10000)")
  @Nullable
  Integer peerPort;

  @Option(names = "--host", defaultValue = "${env:DSS_HOST:-127.0.0.1}", description = "where its ports listen (${DEFAULT-VALUE})")
  String host = "127.0.0.1";

  @Option(names = "--announce", converter = Converters.At.class, paramLabel = "H:P", description = "where clients and servers are told to find it (host and port)")
  @Nullable
  Address announce;

  @Option(names = "--ecs", split = ",", converter = Converters.At.class, paramLabel = "H:P", defaultValue = "${env:DSS_ECS}", description = "RESP addresses of the ECS")
  List<Address> ecs = new ArrayList<>();

  @Option(names = "--data", description = "data directory (dss-data/server-PORT)", defaultValue = "${env:DSS_DATA}")
  @Nullable
  Path data;

  @Option(names = "--zone", defaultValue = "${env:DSS_ZONE:-}", description = "its failure zone")
  String zone = "";

  @Option(names = "--join", description = "ask to be added at once")
  boolean join;

  @Option(names = "--memory", defaultValue = "${env:DSS_MEMORY:-1g}", converter = Converters.Size.class, description = "heap, memtables and caches in all (${DEFAULT-VALUE})")
  long memory;

  @Option(names = "--log-retain", defaultValue = "${env:DSS_LOG_RETAIN:-1g}", converter = Converters.Size.class, description = "log kept for copies that are behind (${DEFAULT-VALUE})")
  long logRetain;

  @Option(names = "--disk-reserve", defaultValue = "${env:DSS_DISK_RESERVE:-1g}", converter = Converters.Size.class, description = "free space below which writes are refused (${DEFAULT-VALUE})")
  long diskReserve;

  @Option(names = "--transfer-rate", defaultValue = "${env:DSS_TRANSFER_RATE}", converter = Converters.Size.class, paramLabel = "BYTES", description = "copies that it sends to other servers a second, at most, 64k or more (no bound; less by itself, down to 8m, while clients work and the machine is busy)")
  @Nullable
  Long transferRate;

  @Option(names = "--secret-file", description = "the cluster secret, as the ECS made it")
  @Nullable
  Path secretFile;

  @Option(names = "--quiet", description = "only warnings in the log")
  boolean quiet;

  @Override
  public Integer call() throws Exception {
    if (quiet) {
      Logging.quiet();
    }
    if (transferRate != null && transferRate < 1 << 16) {
      throw new CommandFailed(Exit.USAGE, "--transfer-rate is at least 64k");
    }
    Bytes secret = Secret.read(secretFile, false);
    Secret.requireUnlessLoopback(host, secret);
    Address announced = announce == null ? new Address(host, port) : announce;
    var settings = new ServerSettings(host, port, Ports.derived(peerPort, port, 10_000, "--peer-port"),
        announced,
        ecs == null ? List.of() : ecs, data == null ? Path.of("dss-data", "server-" + port) : data, zone,
        join,
        Memory.divide(memory, logRetain, diskReserve), transferRate == null ? Long.MAX_VALUE : transferRate,
        secret);
    Server server = Server.start(settings, ServerCommand::broken);
    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop"));
    System.out.println("listening on " + host + ":" + port);
    System.out.flush();
    new CountDownLatch(1).await();
    return Exit.DONE;
  }

  /** It must not go on: the disk failed, or an invariant is broken. What is acknowledged is on disk. */
  private static void broken(String why) {
    System.err.println("dss: server stopped: " + why);
    System.err.flush();
    Runtime.getRuntime().halt(Exit.REFUSED);
  }
}
