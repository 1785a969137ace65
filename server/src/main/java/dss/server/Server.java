package dss.server;

import dss.core.cluster.Address;
import dss.core.cluster.ClusterState;
import dss.core.cluster.Row;
import dss.core.command.CommandCheck;
import dss.core.command.CommandTable;
import dss.core.command.Commands;
import dss.core.replication.NodeSettings;
import dss.core.storage.Storage;
import dss.peer.Endpoint;
import dss.peer.PeerPort;
import dss.protocol.RespLimits;
import dss.storage.DiskStorage;
import dss.storage.ThreadPriority;
import dss.wire.RespConnector;
import dss.wire.RespServer;
import dss.wire.Transport;
import dss.wire.WireSettings;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server in this process: stores shards, serves clients, replicates. {@link #start} returns when its RESP port is
 * open; {@link #close} hands over first.
 */
public final class Server implements AutoCloseable {
  /** Names of threads, the JVM's compilers, that clients do not wait for: ADR 11. */
  private static final String[] BACKGROUND = {"C1 Compiler", "C2 Compiler"};
  private static final AtomicBoolean BACKGROUND_FOUND = new AtomicBoolean();
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);
  private static final long HANDOVER_MS = 10_000;
  private static final long LOOK_MS = 20;

  private final ServerSettings settings;
  private final Transport transport;
  private final EventLoop loop;
  private final Consumer<String> broken;
  private final NodeSettings nodeSettings = new NodeSettings();
  private @Nullable DiskStorage storage;
  private @Nullable ServerNode node;
  private @Nullable PeerPort peerPort;
  private @Nullable RespServer resp;

  private Server(ServerSettings settings, Consumer<String> broken) {
    this.settings = settings;
    this.broken = broken;
    this.transport = Transport.create("server-" + settings.port(), 1);
    this.loop = transport.next();
  }

  /**
   * Opens the data directory and the ports; an IOException says in a sentence why that is impossible.
   *
   * @param broken told, on any thread, why this server must not go on (its disk failed, an invariant is broken): the
   *     process is to end
   */
  public static Server start(ServerSettings settings, Consumer<String> broken) throws IOException {
    var server = new Server(settings, broken);
    try {
      server.open();
      return server;
    } catch (IOException | RuntimeException e) {
      server.stop();
      throw e;
    }
  }

  private void open() throws IOException {
    DiskStorage disk = DiskStorage.open(settings.data(), settings.storage(), this::onLoop,
        new Storage.Listener() {
          @Override
          public void synced() {
            if (node != null) {
              node.synced();
            }
          }

          @Override
          public void writable() {
            if (node != null) {
              node.writable();
            }
          }
        }, broken::accept);
    storage = disk;
    nodeSettings.transferRate = settings.transferRate();
    var connector = new RespConnector(transport, RespLimits.CLIENT);
    PeerPort port = new PeerPort(Endpoint.on(loop, transport.isEpoll()), () -> made().identity(),
        settings.secret(),
        (int) nodeSettings.entryBytes + (2 << 20));
    peerPort = port;
    ServerNode made = new ServerNode(settings, nodeSettings, loop, disk,
        new ServerEvaluator(Commands.standard(RespLimits.VALUE_BYTES)), port, connector, broken);
    node = made;
    await(made::begin);
    port.listen(settings.host(), settings.peerPort(), made);
    listenForClients(made, disk);
    await(() -> made.start(ecsAddresses(), () -> {}));
    if (BACKGROUND_FOUND.compareAndSet(false, true)) {
      ThreadPriority.lower(BACKGROUND);
    }
  }

  /** What the storage brings to the loop is part of a turn. */
  private void onLoop(Runnable task) {
    loop.execute(() -> {
      task.run();
      if (node != null) {
        node.happened();
      }
    });
  }

  private ServerNode made() {
    if (node == null) {
      throw new IllegalStateException("not started");
    }
    return node;
  }

  private RespServer listening() {
    if (resp == null) {
      throw new IllegalStateException("not listening yet");
    }
    return resp;
  }

  private void listenForClients(ServerNode made, DiskStorage disk) throws IOException {
    CommandTable table = CommandTable.standard();
    var wire = new WireSettings();
    Map<String, PlainCommand> plain = new HashMap<>();
    ConnectionCommands.addTo(plain);
    ClientCommands.addTo(plain, this::listening);
    var cluster = new ClusterCommands(made, table);
    cluster.addTo(plain);
    new ConfigCommands(settings, nodeSettings, wire, disk).addTo(plain);
    var info = new InfoText(settings, made, cluster, this::listening);
    plain.put("info", (request, ticket) -> ticket.answer(new dss.protocol.Reply.Text(info.of(request))));
    TableCommands.addTo(plain, table);
    var handler = new ClientHandler(new CommandCheck(table), made, plain);
    resp = RespServer.listen(transport, loop, settings.host(), settings.port(), RespLimits.SERVER, handler,
        wire);
  }

  private List<Address> ecsAddresses() {
    if (!settings.ecs().isEmpty()) {
      return settings.ecs();
    }
    return DiskStorage.savedClusterState(settings.data())
        .map(bytes -> dss.core.cluster.StateCodec.decode(bytes).ecs()).orElse(List.of());
  }

  /** Runs a step on the loop and waits for it. */
  private void await(Runnable step) throws IOException {
    var done = new CompletableFuture<Void>();
    loop.execute(() -> {
      try {
        step.run();
        done.complete(null);
      } catch (RuntimeException e) {
        done.completeExceptionally(e);
      }
    });
    try {
      done.get();
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Where clients are served. */
  public Address address() {
    return settings.announced();
  }

  /** Hands all shards over to others, bounded, then stops: ports, the log, files; the peer port last. */
  @Override
  public void close() {
    ServerNode made = node;
    if (made != null && resp != null) {
      handOver(made);
    }
    stop();
    LOG.info("stopped");
  }

  private void handOver(ServerNode made) {
    var over = new CompletableFuture<Void>();
    loop.execute(() -> {
      if (hasToHandOver(made)) {
        LOG.info("handing over before stopping");
        made.stopping();
      }
      awaitHandover(made, SuspendedClock.nowMs() + HANDOVER_MS, over);
    });
    over.join();
  }

  private void awaitHandover(ServerNode made, long until, CompletableFuture<Void> over) {
    if (!made.ecsIsOpen() || !hasToHandOver(made) || SuspendedClock.nowMs() >= until) {
      over.complete(null);
    } else {
      loop.schedule(() -> awaitHandover(made, until, over), LOOK_MS,
          java.util.concurrent.TimeUnit.MILLISECONDS);
    }
  }

  /** Whether it is primary of a shard that a connected backup could take. */
  private static boolean hasToHandOver(ServerNode made) {
    ClusterState state = made.node().stateInEffect();
    if (state == null) {
      return false;
    }
    int self = made.node().self();
    var connected = made.mesh().connected();
    for (int shard = 0; shard < state.shards(); shard++) {
      Row row = state.row(shard);
      if (row.primary() == self && row.inSync().stream().anyMatch(s -> s != self && connected.contains(s))) {
        return true;
      }
    }
    return false;
  }

  private void stopStoring() {
    if (node != null) {
      node.stop();
    }
    if (storage != null) {
      storage.close();
    }
  }

  private void stop() {
    if (resp != null) {
      resp.close();
    }
    loop.submit(this::stopStoring).syncUninterruptibly();
    if (peerPort != null) {
      peerPort.close();
    }
    transport.close();
  }
}
