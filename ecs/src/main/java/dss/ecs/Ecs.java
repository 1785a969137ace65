package dss.ecs;

import dss.consensus.EcsIdentity;
import dss.consensus.Place;
import dss.consensus.ReplicatedState;
import dss.core.cluster.Address;
import dss.core.cluster.ClusterState;
import dss.core.cluster.DssVersion;
import dss.core.cluster.ServerInfo;
import dss.core.cluster.Settings;
import dss.core.cluster.StateCodec;
import dss.core.cluster.StateCommand;
import dss.core.ecs.Controller.TrustRefused;
import dss.peer.Endpoint;
import dss.peer.PeerIdentity;
import dss.peer.PeerPort;
import dss.protocol.RespLimits;
import dss.wire.RespConnector;
import dss.wire.RespServer;
import dss.wire.Transport;
import dss.wire.Waiting;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control centre in this process: cluster state on a replicated log, sessions of servers, the admin's port. Never
 * on the way of data. {@link #start} returns when its ports are open and, where it is the only ECS, when it leads.
 */
public final class Ecs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Ecs.class);
  private static final int MESSAGE_BYTES = 16 << 20;
  private static final long LEADS_SECONDS = 60;
  private static final long EVENT_FILE_BYTES = 4 << 20;

  private final EcsSettings settings;
  private final Consumer<String> broken;
  private final Transport transport = Transport.create("ecs", 1);
  private final Reconciler reconciler;
  private final PeerPort peerPort;
  private final RespConnector connector = new RespConnector(transport, RespLimits.CLIENT);
  private final Joining joining;
  private final EcsLog log;
  private volatile Supplier<String> recovering = () -> "";
  private @Nullable RespServer resp;
  private @Nullable EventFile eventFile;

  private Ecs(EcsSettings settings, Consumer<String> broken) {
    this.settings = settings;
    this.broken = broken;
    EventLoop loop = transport.next();
    this.reconciler = new Reconciler(loop, settings.trustRefused(), this::checkSame);
    this.peerPort = new PeerPort(Endpoint.on(loop, transport.isEpoll()), this::identity, settings.secret(),
        MESSAGE_BYTES);
    this.joining = new Joining(reconciler, connector, peerPort, loop);
    var place = new Place(settings.host(),
        new Address(settings.address().host(), settings.consensusPort()), settings.address());
    this.log = new EcsLog(settings, place, this::founding, reconciler, broken);
  }

  /**
   * Opens the cluster in the data directory, creates it, or waits to be admitted to that of the peers; an IOException
   * says in a sentence why that is impossible.
   *
   * @param broken told, on any thread, why this process must not go on
   */
  public static Ecs start(EcsSettings settings, Consumer<String> broken) throws IOException {
    var ecs = new Ecs(settings, broken);
    try {
      ecs.open();
      return ecs;
    } catch (IOException | RuntimeException e) {
      ecs.close();
      throw e;
    }
  }

  private void open() throws IOException {
    EventLoop loop = transport.next();
    ReplicatedState state = openLog();
    boolean alone = state != null && settings.peers().isEmpty() && state.wasAlone();
    openEvents(loop);
    var probe = new GoneProbe(peerPort, loop, number -> {
      ClusterState now = reconciler.state();
      return now == null ? null : now.server(number);
    }, this::hasSession, reconciler::gone);
    var members = new EcsMembers(settings, log, reconciler, connector, loop);
    var requests = new EcsRequests(settings, log, reconciler, members, connector, loop);
    var givingUp = new GivingUp(reconciler, peerPort, loop);
    var admin = new Admin(reconciler, joining, members, givingUp,
        settings.address().toString());
    var forwarding = new Forwarding(log, connector, loop);
    var info = new EcsInfo(settings, reconciler, log, forwarding, DssVersion.TEXT);
    resp = RespServer.listen(transport, loop, settings.host(), settings.port(), RespLimits.SERVER,
        new AdminHandler(admin, new Moves(reconciler, joining, givingUp), requests, info, log, forwarding,
            loop));
    reconciler.start(probe, this::leads);
    if (alone) {
      awaitLeading();
    } else {
      reconciler.ready().whenComplete((ready, failure) -> {
        if (failure != null) {
          broken.accept(Waiting.reason(failure));
        }
      });
    }
    peerPort.listen(settings.host(), settings.peerPort(), reconciler.sessions());
    members.start();
  }

  /** Null: this process waits to be admitted, or for the others to begin a cluster together. */
  private @Nullable ReplicatedState openLog() throws IOException {
    EcsSettings.Recovery recovery = settings.recovery();
    EcsIdentity known = EcsIdentity.read(settings.data());
    if (known != null && recovery != null) {
      throw new IOException(settings.data() + " holds the ECS of cluster " + known.clusterId()
          + ": leave --recover-from out, or choose an empty --data directory");
    }
    if (recovery != null) {
      var search = new StateSearch(connector, peerPort, transport.next(), recovery);
      recovering = search::clusterId;
      ClusterState found = search.find(List.of(settings.address()));
      return log.rebuild(found);
    }
    ReplicatedState existing = log.openExisting();
    return existing != null || !settings.peers().isEmpty() ? existing : log.found();
  }

  /** After the replicated log: its lock says that nobody else writes here. */
  private void openEvents(EventLoop loop) {
    var file = new EventFile(settings.data(), EVENT_FILE_BYTES);
    eventFile = file;
    List<EventLog.Event> saved = file.read();
    loop.execute(() -> reconciler.events().restore(saved));
    loop.scheduleAtFixedRate(() -> file.append(reconciler.events().takeUnsaved()), 1, 1, TimeUnit.SECONDS);
  }

  private void awaitLeading() throws IOException {
    try {
      reconciler.ready().get(LEADS_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException(Waiting.reason(e), e);
    } catch (TimeoutException e) {
      throw new IOException("this ECS does not lead after " + LEADS_SECONDS + " s: are its peers running?",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting to lead", e);
    }
  }

  /** What this process was told of the cluster's settings is made true where it leads. Loop. */
  private void leads(ClusterState state) {
    if (settings.recovery() != null) {
      state.servers().forEach(this::tellWhere);
    }
    if (state.settings().repairAfterMs() != settings.repairAfter().toMillis()) {
      reconciler.commit(new StateCommand.SetSettings(
          state.settings().withRepairAfterMs((int) settings.repairAfter().toMillis())));
    }
  }

  /** A server of a rebuilt cluster knows the addresses of the ECS that were lost. */
  private void tellWhere(ServerInfo server) {
    joining.prompt(server.peer(), () -> {}, reason -> LOG.warn(
        "server {} cannot be told where the ECS is: {}; start it with --ecs {}", server.resp(), reason,
        settings.address()));
  }

  /** Replicas and shards are chosen when the cluster is created. Loop. */
  private void checkSame(ClusterState state) {
    try {
      refuseOther("--replicas", settings.replicas(), state.settings().replicas());
      refuseOther("--shards", settings.shards(), state.settings().shards());
    } catch (IOException e) {
      if (!reconciler.ready().completeExceptionally(e)) {
        broken.accept(String.valueOf(e.getMessage()));
      }
    }
  }

  private static void refuseOther(String option, @Nullable Integer asked, int has) throws IOException {
    if (asked != null && asked != has) {
      throw new IOException("this cluster was created with " + option + " " + has + ", not " + asked
          + ": leave the option out, or create another cluster in an empty --data directory");
    }
  }

  private ClusterState founding(String clusterId) {
    try {
      byte[] rebuilt = EcsIdentity.rebuilt(settings.data());
      if (rebuilt != null) {
        return StateCodec.decode(rebuilt);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the state that this ECS was rebuilt with cannot be read", e);
    }
    Integer replicas = settings.replicas();
    Integer shards = settings.shards();
    Settings made = Settings
        .of(shards == null ? EcsSettings.DEFAULT_SHARDS : shards,
            replicas == null ? EcsSettings.DEFAULT_REPLICAS : replicas)
        .withRepairAfterMs((int) settings.repairAfter().toMillis())
        .withTrustRefused(settings.trustRefused() != TrustRefused.OFF && settings.address().isLoopback());
    return ClusterState.created(clusterId, made, List.of(settings.address()));
  }

  private PeerIdentity identity() {
    ClusterState state = reconciler.state();
    return new PeerIdentity(state == null ? recovering.get() : state.clusterId(), PeerIdentity.ECS, 0, 0, 0);
  }

  private boolean hasSession(int number) {
    ClusterState state = reconciler.state();
    var server = state == null ? null : state.server(number);
    return server != null && reconciler.sessions().of(server.id()) != null;
  }

  /** Of the cluster that this ECS takes part in; empty while it waits to be admitted to one. */
  public String clusterId() {
    ReplicatedState state = log.now();
    return state == null ? "" : state.clusterId();
  }

  @Override
  public void close() {
    if (resp != null) {
      resp.close();
    }
    peerPort.close();
    log.close();
    transport.close();
    if (eventFile != null) {
      eventFile.append(reconciler.events().takeUnsaved());
      eventFile.close();
    }
  }
}
