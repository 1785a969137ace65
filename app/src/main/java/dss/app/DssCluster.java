package dss.app;

import dss.core.cluster.Address;
import dss.core.ecs.Controller.TrustRefused;
import dss.ecs.Ecs;
import dss.ecs.EcsSettings;
import dss.protocol.Request;
import dss.server.Server;
import dss.server.ServerSettings;
import dss.storage.StorageSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole cluster in this JVM, over the real protocols on loopback: an ECS and servers that have joined it. For
 * development and for users' own tests. Methods may be called from any thread, one at a time.
 *
 * <pre>{@code
 * try (var cluster = DssCluster.start(3)) {
 *   cluster.awaitReady(Duration.ofSeconds(30));
 *   // any Redis Cluster client at cluster.servers().get(0)
 * }
 * }</pre>
 */
public final class DssCluster implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DssCluster.class);
  private static final long LOOK_MS = 50;

  /**
   * @param servers how many, 1 or more
   * @param port of the first server; the others follow, leaving out {@code keepFree}
   * @param consensusPort of the ECS's replicated log; null: 20000 above its RESP port
   * @param data where data is kept; null: in a temporary folder that is removed on {@link #close}
   */
  public record Options(int servers, int port, int ecsPort, @Nullable Integer consensusPort, int replicas,
      int shards, @Nullable Path data,
      List<Integer> keepFree) {
    public Options {
      keepFree = List.copyOf(keepFree);
      if (servers < 1 || servers > 1_000) {
        throw new IllegalArgumentException("servers must be 1 to 1000, not " + servers);
      }
    }

    public static Options of(int servers) {
      return new Options(servers, 7001, 7000, null, EcsSettings.DEFAULT_REPLICAS, EcsSettings.DEFAULT_SHARDS,
          null,
          List.of());
    }
  }

  private final Options options;
  private final Path data;
  private final Ecs ecs;
  private final AdminLink link;
  private final List<Server> servers = new ArrayList<>();
  private int nextPort;

  private DssCluster(Options options) throws IOException {
    this.options = options;
    this.nextPort = options.port;
    this.data = options.data == null ? Files.createTempDirectory("dss-dev") : options.data;
    int port = options.ecsPort;
    int consensus = options.consensusPort == null ? port + 20_000 : options.consensusPort;
    this.ecs = Ecs.start(EcsSettings.alone("127.0.0.1", port, port + 10_000, consensus, data.resolve("ecs"),
        options.replicas, options.shards, Duration.ofSeconds(60), TrustRefused.AUTO, null),
        why -> LOG.error("the ECS must stop: {}", why));
    this.link = new AdminLink(List.of(ecsAddress()));
  }

  /** Starts an ECS on port 7000 and servers on 7001 and up; see {@link #awaitReady}. */
  public static DssCluster start(int servers) throws IOException {
    return start(Options.of(servers));
  }

  public static DssCluster start(Options options) throws IOException {
    var cluster = new DssCluster(options);
    try {
      for (int i = 0; i < options.servers; i++) {
        cluster.addServer();
      }
      return cluster;
    } catch (IOException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /** Starts one more server, which joins by itself; its address. */
  public Address addServer() throws IOException {
    while (options.keepFree.contains(nextPort) || nextPort == options.ecsPort) {
      nextPort++;
    }
    int port = nextPort++;
    var settings = new ServerSettings("127.0.0.1", port, port + 10_000, new Address("127.0.0.1", port),
        List.of(ecsAddress()), data.resolve("server-" + port), "", true, StorageSettings.dev(),
        Long.MAX_VALUE, null);
    servers.add(Server.start(settings, why -> LOG.error("server {} must stop: {}", port, why)));
    return new Address("127.0.0.1", port);
  }

  public Address ecsAddress() {
    return new Address("127.0.0.1", options.ecsPort);
  }

  /** RESP addresses of the servers, in the order of their start. */
  public List<Address> servers() {
    return servers.stream().map(Server::address).toList();
  }

  /** Whether all have joined, nothing moves and every slot is served. */
  public boolean isReady() {
    try {
      Map<String, Object> report = link.report();
      boolean allIn = report.get("servers") instanceof List<?> lines && lines.size() >= servers.size();
      return allIn && Boolean.TRUE.equals(report.get("balanced"));
    } catch (CommandFailed e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Waits until {@link #isReady}. */
  public void awaitReady(Duration bound) throws TimeoutException, InterruptedException {
    long until = System.nanoTime() + bound.toNanos();
    while (!isReady()) {
      if (System.nanoTime() >= until) {
        throw new TimeoutException("the cluster is not ready after " + bound.toSeconds() + " s");
      }
      Thread.sleep(LOOK_MS);
    }
  }

  /** What the ECS prints of the cluster, for people. */
  public String print() {
    try {
      return link.text(Request.of("PRINT"));
    } catch (CommandFailed e) {
      return String.valueOf(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  @Override
  public void close() {
    link.close();
    // Nothing is handed over: all of them go.
    ecs.close();
    servers.forEach(Server::close);
    if (options.data == null) {
      deleteRecursively(data);
    }
  }

  static void deleteRecursively(Path directory) {
    try {
      Files.walkFileTree(directory, new SimpleFileVisitor<>() {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
          Files.delete(file);
          return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException failure)
            throws IOException {
          Files.delete(dir);
          return FileVisitResult.CONTINUE;
        }
      });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
