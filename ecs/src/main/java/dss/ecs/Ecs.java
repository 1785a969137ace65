package dss.ecs;

import dss.consensus.ReplicatedState;
import dss.core.cluster.Address;
import dss.core.cluster.ClusterState;
import dss.core.cluster.DssVersion;
import dss.core.cluster.Settings;
import dss.core.cluster.StateCommand;
import dss.core.ecs.Controller.TrustRefused;
import dss.peer.Endpoint;
import dss.peer.PeerIdentity;
import dss.peer.PeerPort;
import dss.protocol.RespLimits;
import dss.wire.RespConnector;
import dss.wire.RespServer;
import dss.wire.Transport;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control centre in this process: cluster state on a replicated log, sessions of servers, the admin's port. Never
 * on the way of data. {@link #start} returns when it leads and its ports are open.
 */
public final class Ecs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Ecs.class);
  private static final int MESSAGE_BYTES = 16 << 20;
  private static final long LEADS_SECONDS = 60;
  private static final long EVENT_FILE_BYTES = 4 << 20;

  private final EcsSettings settings;
  private final Transport transport = Transport.create("ecs", 1);
  private final Reconciler reconciler;
  private final PeerPort peerPort;
  private @Nullable ReplicatedState replicated;
  private @Nullable RespServer resp;
  private @Nullable EventFile eventFile;

  private Ecs(EcsSettings settings) {
    this.settings = settings;
    EventLoop loop = transport.next();
    this.reconciler = new Reconciler(loop, settings.trustRefused());
    this.peerPort = new PeerPort(Endpoint.on(loop, transport.isEpoll()), this::identity, settings.secret(),
        MESSAGE_BYTES);
  }

  /** Opens or creates the cluster in the data directory; an IOException says in a sentence why that is impossible. */
  public static Ecs start(EcsSettings settings) throws IOException {
    var ecs = new Ecs(settings);
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
    ReplicatedState state = ReplicatedState.open(settings.data(), settings.host(), settings.consensusPort(),
        this::founding, reconciler.listener(this::consensusClosed));
    replicated = state;
    openEvents(loop);
    var probe = new GoneProbe(peerPort, loop, number -> {
      ClusterState now = reconciler.state();
      return now == null ? null : now.server(number);
    }, this::hasSession, reconciler::gone);
    var joining = new Joining(reconciler, new RespConnector(transport, RespLimits.CLIENT), peerPort, loop);
    var admin = new Admin(reconciler, joining, respAddress().toString());
    resp = RespServer.listen(transport, loop, settings.host(), settings.port(), RespLimits.SERVER,
        new AdminHandler(admin, new EcsInfo(settings, reconciler, DssVersion.TEXT)));
    reconciler.start(state, probe);
    ClusterState led = awaitLeading();
    checkSame(led);
    if (!led.ecs().equals(List.of(respAddress()))) {
      loop.execute(() -> reconciler.commit(new StateCommand.MoveEcs(List.of(respAddress()))));
    }
    if (led.settings().repairAfterMs() != settings.repairAfter().toMillis()) {
      Settings now = led.settings().withRepairAfterMs((int) settings.repairAfter().toMillis());
      loop.execute(() -> reconciler.commit(new StateCommand.SetSettings(now)));
    }
    peerPort.listen(settings.host(), settings.peerPort(), reconciler.sessions());
  }

  /** After the replicated log: its lock says that nobody else writes here. */
  private void openEvents(EventLoop loop) {
    var file = new EventFile(settings.data(), EVENT_FILE_BYTES);
    eventFile = file;
    List<EventLog.Event> saved = file.read();
    loop.execute(() -> reconciler.events().restore(saved));
    loop.scheduleAtFixedRate(() -> file.append(reconciler.events().takeUnsaved()), 1, 1, TimeUnit.SECONDS);
  }

  private ClusterState awaitLeading() throws IOException {
    try {
      return reconciler.ready().get(LEADS_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("this ECS does not lead after " + LEADS_SECONDS + " s: are its peers running?",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting to lead", e);
    }
  }

  /** Replicas and shards are chosen when the cluster is created. */
  private void checkSame(ClusterState state) throws IOException {
    refuseOther("--replicas", settings.replicas(), state.settings().replicas());
    refuseOther("--shards", settings.shards(), state.settings().shards());
  }

  private static void refuseOther(String option, @Nullable Integer asked, int has) throws IOException {
    if (asked != null && asked != has) {
      throw new IOException("this cluster was created with " + option + " " + has + ", not " + asked
          + ": leave the option out, or create another cluster in an empty --data directory");
    }
  }

  private ClusterState founding(String clusterId) {
    Integer replicas = settings.replicas();
    Integer shards = settings.shards();
    Settings made = Settings
        .of(shards == null ? EcsSettings.DEFAULT_SHARDS : shards,
            replicas == null ? EcsSettings.DEFAULT_REPLICAS : replicas)
        .withRepairAfterMs((int) settings.repairAfter().toMillis())
        .withTrustRefused(settings.trustRefused() != TrustRefused.OFF && respAddress().isLoopback());
    return ClusterState.created(clusterId, made, List.of(respAddress()));
  }

  private Address respAddress() {
    return new Address(settings.host(), settings.port());
  }

  private PeerIdentity identity() {
    ClusterState state = reconciler.state();
    return new PeerIdentity(state == null ? "" : state.clusterId(), PeerIdentity.ECS, 0, 0, 0);
  }

  private boolean hasSession(int number) {
    ClusterState state = reconciler.state();
    var server = state == null ? null : state.server(number);
    return server != null && reconciler.sessions().of(server.id()) != null;
  }

  private void consensusClosed() {
    LOG.info("the replicated log is closed");
  }

  public String clusterId() {
    return replicated == null ? "" : replicated.clusterId();
  }

  @Override
  public void close() {
    if (resp != null) {
      resp.close();
    }
    peerPort.close();
    if (replicated != null) {
      replicated.close();
    }
    transport.close();
    if (eventFile != null) {
      eventFile.append(reconciler.events().takeUnsaved());
      eventFile.close();
    }
  }
}
