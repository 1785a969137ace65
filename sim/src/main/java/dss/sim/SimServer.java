package dss.sim;

import dss.core.cluster.Address;
import dss.core.cluster.StateCommand;
import dss.core.replication.Host;
import dss.core.replication.Node;
import dss.core.replication.NodeSettings;
import dss.core.replication.PeerMessage;
import dss.core.storage.ServerIdentity;
import dss.storage.LogFault;
import dss.storage.StorageException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One server: a disk that stays, processes that come and go over it, a clock of its own. */
final class SimServer {
  /** Copies take some time. */
  private static final long TRANSFER_RATE = 20_000;
  private static final int OUTCOMES_KEPT = 4;
  private static final long OUTCOMES_KEPT_MS = 400;
  private static final long UPKEEP_MICROS = 1_000_000;

  final Cluster cluster;
  final int index;
  final String id;
  SimDisk disk;
  private SimProcess process;
  private @Nullable SimStorage storage;
  /** Of a server that does not run: what is on its disk. */
  private @Nullable SimStorage left;
  private @Nullable Node node;
  /** Clock rate in millionths off the true one, and an offset: clocks of servers are not alike. */
  private final double rate;
  private final long offsetMicros;
  private long wallOffsetMicros;
  private long ticks;

  SimServer(Cluster cluster, int index) {
    this.cluster = cluster;
    this.index = index;
    this.id = String.format("%040x", index + 1);
    this.disk = freshDisk();
    this.process = new SimProcess(cluster.scheduler, () -> {});
    process.kill();
    rate = 1 + (cluster.scheduler.random.nextDouble() - 0.5) * cluster.profile.rates;
    offsetMicros = cluster.scheduler.between(0, 1_000_000_000L);
    setWall();
  }

  /** Its wall clock is set, forwards or back. */
  void setWall() {
    wallOffsetMicros = cluster.scheduler.between(0, cluster.profile.wallApartMicros);
  }

  private SimDisk freshDisk() {
    return new SimDisk(new ServerIdentity("", 0, id, cluster.randomId(), 0, List.of()));
  }

  SimProcess process() {
    return process;
  }

  Node node() {
    Node now = node;
    if (now == null) {
      throw new IllegalStateException("server " + index + " does not run");
    }
    return now;
  }

  SimStorage storage() {
    SimStorage now = storage;
    if (now == null) {
      throw new IllegalStateException("server " + index + " does not run");
    }
    return now;
  }

  boolean alive() {
    return process.alive();
  }

  /** The number it is registered under; 0 while its process is not. */
  int number() {
    return alive() && node != null ? node.self() : 0;
  }

  void start() {
    if (alive()) {
      return;
    }
    process = new SimProcess(cluster.scheduler, this::endTurn);
    storage = opened();
    node = new Node(new SimHost(process), storage, cluster.evaluator, settings(),
        new Address("s", 7001 + index),
        new Address("s", 17001 + index), "", cluster.bugs);
    node.start();
    cluster.trace("start", this, "");
    process.post(0, this, this::tick);
    process.post(UPKEEP_MICROS, this, this::upkeep);
  }

  private void upkeep() {
    storage().upkeep();
    process.post(UPKEEP_MICROS, this, this::upkeep);
  }

  /** Whoever starts a server on a damaged disk puts that aside, and starts with an empty one. */
  private SimStorage opened() {
    left = null;
    try {
      return new SimStorage(this, disk);
    } catch (StorageException e) {
      cluster.trace("damaged", this, String.valueOf(e.getMessage()));
      if (!disk.rotten) {
        cluster.violation("server " + index + " cannot start: " + e.getMessage());
      }
      disk = freshDisk();
      return new SimStorage(this, disk);
    }
  }

  /** What is on its disk while it does not run; null: it is damaged. */
  @Nullable
  SimStorage left() {
    if (left == null) {
      try {
        left = new SimStorage(this, disk.image());
      } catch (StorageException e) {
        return null;
      }
    }
    return left;
  }

  /** The disk says no: nothing more is reported durable, and the process ends. */
  void diskFailed(LogFault fault) {
    cluster.trace("disk failed", this, String.valueOf(fault.getMessage()));
    kill();
    cluster.scheduler.after(cluster.scheduler.between(1_000, 500_000), () -> cluster.startServer(this));
  }

  /** Few outcomes are remembered, so that some are forgotten within a run. */
  private NodeSettings settings() {
    var settings = new NodeSettings();
    settings.outcomesKept = OUTCOMES_KEPT;
    settings.outcomesKeptMs = OUTCOMES_KEPT_MS;
    settings.frameBytes = cluster.profile.frameBytes;
    settings.transferRate = TRANSFER_RATE;
    return settings;
  }

  private void tick() {
    node().tick();
    cluster.steadyReads.tick(this, ++ticks);
    process.post(Node.TICK_MS * 1000L, this, this::tick);
  }

  private void endTurn() {
    node().endTurn();
    if (storage().hasUnsynced()) {
      cluster.faults.ambushes().appends(this);
    }
    if (cluster.scheduler.chance(0.2)) {
      process.post(cluster.scheduler.between(100, 1_000), this, node()::sendAppends);
    } else {
      node().sendAppends();
    }
    if (storage().syncsInFlight() == 0) {
      storage().sync();
    }
    if (cluster.scheduler.chance(0.0005)) {
      storage().flush();
    }
    cluster.readers.afterEvent(this);
    cluster.checks.afterEvent(this);
  }

  /** The process is gone at once, and with it what was not synced. */
  void kill() {
    if (alive()) {
      process.kill();
      cluster.clients.forEach(client -> client.connectionLost(process));
      disk.crash(cluster.scheduler, cluster.effects);
      cluster.trace("kill", this, "");
      cluster.network.processEnded(this);
    }
  }

  /** Another, empty disk under the same name. */
  void wipe() {
    kill();
    disk = freshDisk();
    left = null;
    cluster.trace("wipe", this, "");
  }

  void restore(SimDisk image) {
    kill();
    disk = image;
    left = null;
    cluster.trace("restore", this, "boot " + image.identity.boot());
  }

  long nowMs() {
    return (long) (cluster.scheduler.now() * rate + offsetMicros) / 1000;
  }

  private final class SimHost implements Host {
    private final SimProcess of;

    SimHost(SimProcess of) {
      this.of = of;
    }

    @Override
    public long nowMs() {
      return SimServer.this.nowMs();
    }

    @Override
    public long wallMicros() {
      return 1_700_000_000_000_000L + cluster.scheduler.now() + wallOffsetMicros;
    }

    @Override
    public long random() {
      return cluster.randomId();
    }

    @Override
    public void send(int server, long version, PeerMessage message) {
      if (of.alive()) {
        cluster.network.send(SimServer.this, server, version, message, false);
      }
    }

    @Override
    public void sendCopy(int server, long version, PeerMessage message) {
      if (of.alive()) {
        cluster.network.send(SimServer.this, server, version, message, true);
      }
    }

    @Override
    public boolean isBusy() {
      return cluster.scheduler.chance(0.5);
    }

    @Override
    public void disconnect(int server) {
      cluster.network.cut(SimServer.this, server);
    }

    @Override
    public void request(StateCommand command) {
      if (of.alive()) {
        if (cluster.trace.whole()) {
          cluster.trace.seen(TraceLine.Rank.COPY, Trace.NONE, "asks the ECS for", SimServer.this,
              command.toString());
        }
        cluster.faults.ambushes().asks(SimServer.this, command);
        cluster.ecs.sessions().request(SimServer.this, command);
      }
    }

    @Override
    public void broken(String invariant) {
      cluster.violation("server " + index + ": " + invariant);
    }
  }
}
