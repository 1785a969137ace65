package dss.core.replication;

import dss.core.cluster.Address;
import dss.core.cluster.ClusterState;
import dss.core.cluster.Row;
import dss.core.cluster.ServerInfo;
import dss.core.cluster.Settings;
import dss.core.command.Evaluator;
import dss.core.entry.EntryWriter;
import dss.core.planted.PlantedBug;
import dss.core.planted.PlantedBugs;
import dss.core.storage.Storage;
import dss.protocol.Slots;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The replication protocol of one server: states, messages, commands and ticks in; log writes, messages, answers and
 * requests to the ECS out. Pure but for its ports; one loop calls all of it. Source: docs/replication.md.
 *
 * <p>A host calls {@link #endTurn()} once after each bundle of inputs, {@link #sendAppends()} then or a moment later,
 * so that more entries share a frame, and {@link #tick()} as often as {@link #nextTickMs()} says.
 */
public final class Node {
  /** How often {@link #tick} is wanted while something waits for it, ms. */
  public static final int TICK_MS = 20;
  /** The same where nothing does: still well below what counts as a pause of the process. */
  static final int IDLE_TICK_MS = 100;
  static final long LONG_AGO = Long.MIN_VALUE / 4;

  private final Host host;
  private final Storage storage;
  private final Evaluator evaluator;
  private final NodeSettings settings;
  private final PlantedBugs bugs;
  private final Registration registration;
  private final Links links = new Links();
  private final Messages messages;
  private final Slowness slowness;
  private final Transfers transfers = new Transfers(this);
  private final Beacons beacons;
  private final EntryWriter writer = new EntryWriter();
  private Replica[] replicas = new Replica[0];
  private final Ticks ticks = new Ticks(this);
  private final Outbox outbox = new Outbox(this);
  private final Barriers barriers = new Barriers(this);
  private final Peers peers = new Peers(this);
  private final AwaitingSync awaitingSync = new AwaitingSync();
  private @Nullable ClusterState state;
  private int self;
  private long lockedUntil = LONG_AGO;
  private final WriteCounts writes = new WriteCounts();

  public Node(Host host, Storage storage, Evaluator evaluator, NodeSettings settings, Address resp,
      Address peer,
      String zone, PlantedBugs bugs) {
    this.host = host;
    this.storage = storage;
    this.evaluator = evaluator;
    this.settings = settings;
    this.bugs = bugs;
    this.registration = new Registration(this, storage, host, resp, peer, zone);
    this.messages = new Messages(this);
    this.beacons = new Beacons(this);
    this.slowness = new Slowness(this);
  }

  // ---- inputs

  /** Begins this start: draws its nonce and stores it. First of all calls. */
  public void start() {
    registration.start();
  }

  /** A cluster state, whole, from the ECS or another server; ignored unless it is newer and shows this start. */
  public void state(ClusterState newState) {
    boolean isOld = state != null && newState.version() <= state.version()
        && !bug(PlantedBug.OLD_STATE_ACCEPTED);
    if (isForeign(newState) || isOld) {
      return;
    }
    boolean first = state == null;
    if (!registration.shows(newState)) {
      if (!first) {
        host.broken("another start has registered as this server: is its data directory in use twice?");
      }
      return;
    }
    if (first) {
      begin(newState);
    }
    apply(newState);
  }

  /** The ECS can be reached again: what was asked before may be lost. */
  public void registrationAsksAgain() {
    registration.asksAgain();
  }

  /** The ECS refused the start with this nonce; it knows this boot. */
  public void registrationRefused(long nonce, long knownBoot) {
    registration.refused(nonce, knownBoot);
  }

  /** The main connection to a server is open; {@code boot} is of the life at its other end. */
  public void connected(int server, long boot) {
    if (state != null) {
      peers.connected(server, boot);
    }
  }

  /** The main connection to a server has ended. */
  public void disconnected(int server) {
    peers.disconnected(server);
  }

  /** A dial of the server's peer port, begun after its connection ended, was refused: nothing listens there. */
  public void refused(int server) {
    if (state != null) {
      peers.refused(server);
    }
  }

  /** A message on the main (or copy) connection to a server; {@code version} is the one it carries. */
  public void received(int server, long version, PeerMessage message) {
    if (state != null) {
      messages.received(links.to(server), version, message);
    }
  }

  /** A keyed command of a client. */
  public void submit(Call call) {
    ClusterState now = state;
    if (now == null) {
      call.answer(Refusals.SERVER_STOPPED);
      return;
    }
    transfers.command();
    ServerInfo me = now.server(self);
    boolean member = me != null && me.member();
    Replica replica = replicas[now.shardOf(slot(call))];
    String name = call.command().spec().name();
    boolean stopped = !member && !replica.isPrimary()
        && (replica.row().primary() == Row.NONE || name.equals("put") || name.equals("delete"));
    if (stopped) {
      call.answer(Refusals.SERVER_STOPPED);
    } else {
      replica.submit(call);
    }
  }

  private int slot(Call call) {
    int slot = call.command().slot();
    return bug(PlantedBug.WRONG_SLOT_BOUNDARY) ? Math.min(slot + 1, Slots.COUNT - 1) : slot;
  }

  /** One or more batches of the log are on disk. */
  public void synced() {
    awaitingSync.synced();
  }

  /** The memtable has room again. */
  public void writable() {
    ticks.active().forEach(Replica::unpark);
  }

  /** Holds this server's writes back until then (by {@link Host#nowMs}): for people who want to see it. */
  public void lockUntil(long time) {
    lockedUntil = time;
  }

  public void tick() {
    long now = now();
    ticks.wake(now);
    registration.tick(now);
    if (state == null) {
      return;
    }
    beacons.tick(now);
    messages.tick(now);
    transfers.tick(now);
    slowness.tick(now);
    ticks.tick(now);
  }

  /**
   * After how long at most {@link #tick} is wanted, ms; more often does no harm. To be asked at the end of each turn, which
   * may have made it sooner.
   */
  public int nextTickMs() {
    return state == null || ticks.anyActive() || messages.holdsAny() || transfers.anyWaits()
        ? TICK_MS
        : Math.clamp(clusterSettings().beaconMs() / 2, TICK_MS, IDLE_TICK_MS);
  }

  /** This process is to end: what it has said of that is not taken back. */
  public void stopping() {
    slowness.stopping();
  }

  Transfers transfers() {
    return transfers;
  }

  Slowness slowness() {
    return slowness;
  }

  /** Sends the entries that other copies do not have yet. */
  public void sendAppends() {
    messages.sendAppends();
  }

  /** Sends what the inputs since the last call made ready, but for entries. */
  public void endTurn() {
    outbox.send();
  }

  // ---- the cluster state

  private boolean isForeign(ClusterState newState) {
    String mine = storage.identity().clusterId();
    return !mine.isEmpty() && !mine.equals(newState.clusterId());
  }

  private void begin(ClusterState first) {
    ServerInfo me = first.serverById(storage.identity().serverId());
    if (me == null) {
      throw new IllegalStateException("a state that shows this start does not name it");
    }
    self = me.number();
    long startedAt = now();
    links.graceUntil(
        bug(PlantedBug.NO_GRACE_AFTER_RESTART) ? LONG_AGO : startedAt + first.settings().graceMs());
    replicas = new Replica[first.shards()];
    for (int shard = 0; shard < replicas.length; shard++) {
      replicas[shard] = new Replica(this, storage.shard(shard));
    }
  }

  private void apply(ClusterState newState) {
    ClusterState old = state;
    state = newState;
    barriers.versionFollows(old);
    var newPrimaries = new BitSet();
    for (int shard = 0; shard < replicas.length; shard++) {
      Row row = newState.row(shard);
      if (old == null || old.row(shard) != row) {
        if (old == null || old.row(shard).primary() != row.primary()) {
          newPrimaries.set(row.primary());
        }
        replicas[shard].apply(row);
      }
    }
    beacons.stateApplied(newState, newPrimaries);
    messages.release();
  }

  // ---- what replicas ask of their node

  void broken(String invariant) {
    host.broken(invariant);
  }

  // ---- what is known

  boolean bug(PlantedBug bug) {
    return bugs.has(bug);
  }

  long now() {
    return host.nowMs();
  }

  Host host() {
    return host;
  }

  Storage storage() {
    return storage;
  }

  Evaluator evaluator() {
    return evaluator;
  }

  EntryWriter writer() {
    return writer;
  }

  public NodeSettings settings() {
    return settings;
  }

  Messages messages() {
    return messages;
  }

  Ticks ticks() {
    return ticks;
  }

  Outbox outbox() {
    return outbox;
  }

  AwaitingSync awaitingSync() {
    return awaitingSync;
  }

  Barriers barriers() {
    return barriers;
  }

  Beacons beacons() {
    return beacons;
  }

  Links links() {
    return links;
  }

  PeerLink link(int server) {
    return links.to(server);
  }

  Replica replica(int shard) {
    return replicas[shard];
  }

  Replica[] replicas() {
    return replicas;
  }

  boolean isLocked() {
    return now() < lockedUntil;
  }

  /** The number of this server; 0 before it is registered. */
  public int self() {
    return self;
  }

  public long boot() {
    return storage.identity().boot();
  }

  public boolean registered() {
    return registration.registered();
  }

  public Registration registration() {
    return registration;
  }

  /** The version in effect; 0: none. */
  public long version() {
    return state == null ? 0 : state.version();
  }

  /** The cluster state in effect; null before this start is registered. */
  public @Nullable ClusterState stateInEffect() {
    return state;
  }

  ClusterState clusterState() {
    ClusterState now = state;
    if (now == null) {
      throw new IllegalStateException("no cluster state is in effect");
    }
    return now;
  }

  Settings clusterSettings() {
    return clusterState().settings();
  }

  public WriteCounts writes() {
    return writes;
  }

  /** What this server tells about itself. */
  public NodeStatus status() {
    return new NodeStatus(this);
  }
}
