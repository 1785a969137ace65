package dss.bench;

import dss.protocol.Reply;
import dss.protocol.Request;
import dss.protocol.RespLimits;
import dss.wire.ClientConnection;
import dss.wire.RespConnector;
import dss.wire.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks servers who owns which slot: at the start, and again when a redirect says that this has changed, at most ten
 * times a second. Safe for any thread.
 */
final class MapKeeper implements Maps {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final long PAUSE_MS = 100;
  private static final Request SLOTS = Request.of("CLUSTER", "SLOTS");

  private final Transport transport = Transport.create("bench-map", 1);
  private final RespConnector connector = new RespConnector(transport, RespLimits.CLIENT);
  private final List<Endpoint> seeds;
  private final Semaphore wanted = new Semaphore(0);
  private volatile ClusterMap map;
  private @Nullable Thread asker;

  private MapKeeper(List<Endpoint> seeds) throws IOException, InterruptedException {
    this.seeds = seeds;
    try {
      this.map = find(seeds);
    } catch (IOException | InterruptedException e) {
      transport.close();
      throw e;
    }
  }

  /** Asks one after the other; {@link NobodyAnswers} where nobody does, an IOException where nobody knows. */
  static MapKeeper open(List<Endpoint> seeds) throws IOException, InterruptedException {
    return new MapKeeper(seeds);
  }

  @Override
  public ClusterMap map() {
    return map;
  }

  @Override
  public void refresh() {
    if (map.isCluster() && wanted.availablePermits() == 0) {
      wanted.release();
    }
  }

  @Override
  public void tell(Consumer<ClusterMap> listener) {
    asker = Thread.ofVirtual().name("bench-map-asker").start(() -> {
      try {
        while (true) {
          wanted.acquire();
          wanted.drainPermits();
          renew(listener);
          Thread.sleep(PAUSE_MS);
        }
      } catch (InterruptedException e) {
        // Closed.
      }
    });
  }

  private void renew(Consumer<ClusterMap> listener) throws InterruptedException {
    Set<Endpoint> known = new LinkedHashSet<>(map.servers());
    known.addAll(seeds);
    try {
      map = find(List.copyOf(known));
      listener.accept(map);
    } catch (IOException e) {
      // Whoever needs a newer one meets another redirect or a closed connection, and asks again.
    }
  }

  private ClusterMap find(List<Endpoint> servers) throws IOException, InterruptedException {
    IOException failure = new NobodyAnswers("nobody answers");
    for (Endpoint server : servers) {
      try {
        ClusterMap found = ask(server);
        if (!found.servers().isEmpty()) {
          return found;
        }
        failure = new IOException(server + " knows no server that owns slots: is it a member of a cluster?");
      } catch (NobodyAnswers e) {
        failure = failure instanceof NobodyAnswers ? e : failure;
      }
    }
    throw failure;
  }

  private ClusterMap ask(Endpoint server) throws NobodyAnswers, InterruptedException {
    try {
      ClientConnection connection = connector.connect(server.host(), server.port(), PATIENCE)
          .get(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      try {
        Reply reply = connection.send(SLOTS).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        // Redis without cluster mode refuses the question.
        return reply.isError() ? ClusterMap.single(server) : ClusterMap.of(reply, server);
      } finally {
        connection.close();
      }
    } catch (ExecutionException e) {
      throw new NobodyAnswers(String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()));
    } catch (TimeoutException e) {
      throw new NobodyAnswers("nobody answers at " + server + " within " + PATIENCE.toSeconds() + " s");
    }
  }

  @Override
  public void close() {
    Thread running = asker;
    if (running != null) {
      running.interrupt();
      try {
        running.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    transport.close();
  }
}
