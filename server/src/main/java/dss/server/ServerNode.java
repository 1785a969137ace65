package dss.server;

import dss.core.cluster.Address;
import dss.core.cluster.ClusterState;
import dss.core.cluster.StateCodec;
import dss.core.cluster.StateCommand;
import dss.core.command.Evaluator;
import dss.core.planted.PlantedBugs;
import dss.core.replication.Call;
import dss.core.replication.Host;
import dss.core.replication.Node;
import dss.core.replication.NodeSettings;
import dss.core.replication.PeerMessage;
import dss.peer.Kind;
import dss.peer.PeerConnection;
import dss.peer.PeerIdentity;
import dss.peer.PeerMesh;
import dss.peer.PeerPort;
import dss.storage.DiskStorage;
import dss.wire.RespConnector;
import io.netty.channel.EventLoop;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replication protocol in a process: gives the node its clock, its connections, its disk and the ECS, and ends its
 * turns. Loop only, but for the constructor.
 */
final class ServerNode implements Host, PeerMesh.Listener, PeerPort.Acceptor, EcsLink.Heard {
  private static final Logger LOG = LoggerFactory.getLogger(ServerNode.class);
  private static final int HEARTBEAT_MS = 250;
  private static final int SOON_MS = 20;
  private static final long SAVE_STATE_MS = 1_000;

  private final EventLoop loop;
  private final DiskStorage storage;
  private final Node node;
  private final PeerMesh mesh;
  private final EcsLink ecs;
  private final Reports reports;
  private final Turn turn;
  private final Ticker ticker;
  private final Gathering gathering = new Gathering();
  private final MachineLoad machine = new MachineLoad();
  private final boolean join;
  private final Prompts prompts;
  private final Consumer<String> broken;
  private final SecureRandom random = new SecureRandom();
  private Runnable stateApplied = () -> {};
  private long versionApplied;
  private boolean heartbeatSoon;
  private boolean saving;
  private boolean waking;
  private long lockedUntil;
  private long savedVersion;
  private boolean stopped;

  ServerNode(ServerSettings settings, NodeSettings nodeSettings, EventLoop loop, DiskStorage storage,
      Evaluator evaluator, PeerPort port, RespConnector connector, Consumer<String> broken) {
    this.loop = loop;
    this.storage = storage;
    this.join = settings.join();
    this.broken = broken;
    this.node = new Node(this, storage, evaluator, nodeSettings, settings.announced(), settings.peerAddress(),
        settings.zone(), PlantedBugs.NONE);
    this.mesh = new PeerMesh(port, this::nowMs, this::random, this);
    this.ecs = new EcsLink(port, connector, loop, this);
    this.prompts = new Prompts(settings.data(), storage, node, ecs);
    this.reports = new Reports(node, storage);
    this.turn = new Turn(loop, this::endTurn);
    this.ticker = new Ticker(loop, this::tick);
  }

  Node node() {
    return node;
  }

  DiskStorage storage() {
    return storage;
  }

  PeerMesh mesh() {
    return mesh;
  }

  boolean ecsIsOpen() {
    return ecs.isOpen();
  }

  /** Draws this start's nonce; first of all. */
  void begin() {
    savedVersion = prompts.savedVersion();
    node.start();
  }

  void start(List<Address> ecsAddresses, Runnable onStateApplied) {
    stateApplied = onStateApplied;
    ecs.start(ecsAddresses);
    tick();
    loop.scheduleAtFixedRate(this::heartbeat, HEARTBEAT_MS, HEARTBEAT_MS, TimeUnit.MILLISECONDS);
  }

  private void tick() {
    guarded(() -> {
      node.tick();
      mesh.tick();
    });
  }

  /** An exception here is a bug: the process must not go on with half a step done. */
  private void guarded(Runnable step) {
    if (stopped) {
      return;
    }
    try {
      step.run();
      turn.happened();
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  private void failed(RuntimeException e) {
    LOG.error("a step of the protocol failed", e);
    broken.accept("a step of the protocol failed: " + e);
  }

  private void endTurn() {
    if (stopped) {
      return;
    }
    try {
      node.endTurn();
      if (node.version() != versionApplied) {
        versionApplied = node.version();
        applied(node.stateInEffect());
      }
      if (gathering.ownGo(System.nanoTime(), node.writes().taken(), node.writes().ended())) {
        node.sendAppends();
      }
      mesh.flush();
      ticker.within(mesh.wantsTicks() ? Node.TICK_MS : node.nextTickMs());
      // After all answers of this turn: an fsync may hold the loop.
      loop.execute(this::sync);
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  private void sync() {
    if (stopped) {
      return;
    }
    long now = System.nanoTime();
    if (storage.syncsInFlight() == 0 && gathering.syncGoes(now)) {
      storage.sync();
    }
    long wait = gathering.waitNanos(now, storage.syncsInFlight() > 0);
    if (wait > 0 && !waking) {
      waking = true;
      loop.schedule(() -> {
        waking = false;
        turn.happened();
      }, wait, TimeUnit.NANOSECONDS);
    }
  }

  private void applied(@Nullable ClusterState state) {
    if (state == null) {
      return;
    }
    mesh.stateApplied(state, node.self());
    ecs.mayBeAt(state.ecs());
    stateApplied.run();
    if (!saving) {
      saving = true;
      loop.schedule(this::save, SAVE_STATE_MS, TimeUnit.MILLISECONDS);
    }
    soon();
  }

  private void save() {
    saving = false;
    ClusterState state = node.stateInEffect();
    if (state != null) {
      storage.saveClusterState(StateCodec.encode(state));
    }
  }

  /** Nothing that comes from now on has an effect. */
  void stop() {
    stopped = true;
  }

  // ---- clients

  void submit(Call call) {
    if (stopped) {
      return;
    }
    try {
      node.submit(call);
      turn.happened();
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  // ---- the disk

  /** The storage has called back: the turn is to be ended. */
  void happened() {
    turn.happened();
  }

  void synced() {
    guarded(node::synced);
  }

  void writable() {
    guarded(node::writable);
  }

  // ---- the ECS

  @Override
  public String clusterId() {
    return storage.identity().clusterId();
  }

  @Override
  public void sessionOpen() {
    if (join) {
      ecs.join();
    }
    node.registrationAsksAgain();
    heartbeat();
  }

  @Override
  public void state(ClusterState state) {
    guarded(() -> node.state(state));
  }

  @Override
  public void refused(long nonce, long knownBoot) {
    guarded(() -> node.registrationRefused(nonce, knownBoot));
  }

  @Override
  public void lock(long ms) {
    lockedUntil = nowMs() + ms;
    guarded(() -> node.lockUntil(lockedUntil));
    soon();
  }

  private void heartbeat() {
    if (node.registered() && ecs.isOpen()) {
      ecs.heartbeat(node.boot(), reports.report(nowMs(), nowMs() < lockedUntil));
    }
  }

  /** What changed is told before the next regular heartbeat. */
  private void soon() {
    if (!heartbeatSoon) {
      heartbeatSoon = true;
      loop.schedule(() -> {
        heartbeatSoon = false;
        heartbeat();
      }, SOON_MS, TimeUnit.MILLISECONDS);
    }
  }

  /** Tells the ECS that this server stops: until its next start it is wanted last. */
  void stopping() {
    node.stopping();
    ecs.ask(new StateCommand.SetStopping(node.self(), node.boot(), true));
  }

  // ---- other servers

  PeerIdentity identity() {
    var id = storage.identity();
    return new PeerIdentity(id.clusterId(), id.serverId(), id.diskId(), node.registration().nonce(),
        node.registered() ? id.boot() : 0);
  }

  @Override
  public @Nullable String objection(Kind kind, PeerIdentity from, long mainId) {
    return switch (kind) {
      case MAIN, COPY -> mesh.objection(kind, from, mainId);
      case PROMPT -> from.serverId().equals(PeerIdentity.ECS) ? null : "only an ECS prompts";
      case PROBE, SESSION -> "this is the peer port of a server";
    };
  }

  @Override
  public void accepted(PeerConnection connection) {
    if (connection.kind() != Kind.PROMPT) {
      guarded(() -> mesh.opened(connection));
      return;
    }
    connection.listener(prompts);
  }

  @Override
  public long knownVersion() {
    return Math.max(savedVersion, node.version());
  }

  @Override
  public void connected(int server, long boot) {
    guarded(() -> node.connected(server, boot));
  }

  @Override
  public void disconnected(int server) {
    guarded(() -> node.disconnected(server));
  }

  @Override
  public void refused(int server) {
    guarded(() -> node.refused(server));
  }

  @Override
  public void received(int server, long version, PeerMessage message) {
    if (message instanceof PeerMessage.AppendFrame frame && frame.bringsEntries()) {
      gathering.frameCame(server, System.nanoTime());
    }
    guarded(() -> node.received(server, version, message));
  }

  // ---- what the node asks of its process

  @Override
  public long nowMs() {
    return SuspendedClock.nowMs();
  }

  @Override
  public long wallMicros() {
    return SuspendedClock.wallMicros();
  }

  @Override
  public long random() {
    long drawn = random.nextLong();
    return drawn == 0 ? 1 : drawn;
  }

  @Override
  public void send(int server, long version, PeerMessage message) {
    mesh.send(server, version, message);
  }

  @Override
  public void sendCopy(int server, long version, PeerMessage message) {
    mesh.sendCopy(server, version, message);
    turn.happened();
  }

  @Override
  public boolean isBusy() {
    return machine.isBusy();
  }

  @Override
  public void disconnect(int server) {
    mesh.disconnect(server);
  }

  @Override
  public void request(StateCommand command) {
    ecs.ask(command);
  }

  @Override
  public void broken(String invariant) {
    LOG.error("an invariant is broken: {}", invariant);
    broken.accept(invariant);
  }
}
