package dss.core.replication;

import dss.core.cluster.Address;
import dss.core.cluster.ClusterState;
import dss.core.cluster.ServerInfo;
import dss.core.cluster.StateCommand.Register;
import dss.core.planted.PlantedBug;
import dss.core.storage.ServerIdentity;
import dss.core.storage.Storage;
import java.util.ArrayList;
import java.util.List;

/**
 * Which life of which disk speaks. States: asking (a fresh nonce is on disk, no state has shown it) and registered.
 * Source: docs/replication.md, Registration.
 */
public final class Registration {
  /** More starts than this without one registration: the oldest nonces are let go. */
  private static final int NONCES_KEPT = 1_000;
  /** How often a start that is not registered asks, ms. */
  private static final int AGAIN_MS = 200;

  private final Storage storage;
  private final Host host;
  private final Address resp;
  private final Address peer;
  private final String zone;
  private final Node node;
  private long nonce;
  private long askedAt = Node.LONG_AGO;
  private boolean registered;

  Registration(Node node, Storage storage, Host host, Address resp, Address peer, String zone) {
    this.node = node;
    this.storage = storage;
    this.host = host;
    this.resp = resp;
    this.peer = peer;
    this.zone = zone;
  }

  void start() {
    ServerIdentity id = storage.identity();
    boolean reuse = node.bug(PlantedBug.NONCE_REUSED) && !id.unconfirmed().isEmpty();
    drawNonce(reuse ? id.unconfirmed().get(id.unconfirmed().size() - 1) : host.random());
    if (node.bug(PlantedBug.BOOT_COUNTS_UNREGISTERED_STARTS)) {
      ServerIdentity now = storage.identity();
      storage.saveIdentity(new ServerIdentity(now.clusterId(), now.shards(), now.serverId(), now.diskId(),
          now.boot() + 1, now.unconfirmed()));
    }
  }

  private void drawNonce(long fresh) {
    ServerIdentity id = storage.identity();
    nonce = fresh;
    List<Long> nonces = new ArrayList<>(id.unconfirmed());
    nonces.remove((Long) fresh);
    nonces.add(fresh);
    nonces = nonces.subList(Math.max(0, nonces.size() - NONCES_KEPT), nonces.size());
    storage.saveIdentity(
        new ServerIdentity(id.clusterId(), id.shards(), id.serverId(), id.diskId(), id.boot(), nonces));
  }

  /** Asks the ECS again and again until a state shows the nonce. */
  void tick(long now) {
    if (!registered && now - askedAt >= AGAIN_MS) {
      askedAt = now;
      host.request(request());
    }
  }

  /** What was asked before may be lost. */
  void asksAgain() {
    askedAt = Node.LONG_AGO;
  }

  boolean registered() {
    return registered;
  }

  public long nonce() {
    return nonce;
  }

  private Register request() {
    ServerIdentity id = storage.identity();
    long boot = node.bug(PlantedBug.BOOT_COUNTS_UNREGISTERED_STARTS) ? id.boot() : id.boot() + 1;
    return new Register(id.serverId(), id.diskId(), boot, nonce, id.unconfirmed(), resp, peer, zone);
  }

  /** Whether a state shows this start; the first time, the registration is noted on disk. */
  boolean shows(ClusterState state) {
    ServerInfo server = state.serverById(storage.identity().serverId());
    if (server == null || server.nonce() != nonce) {
      return !registered && server != null && node.bug(PlantedBug.PART_BEFORE_REGISTRATION);
    }
    if (!registered) {
      ServerIdentity id = storage.identity();
      storage.saveIdentity(new ServerIdentity(state.clusterId(), state.shards(), id.serverId(), id.diskId(),
          server.boot(), List.of()));
      registered = true;
    }
    return true;
  }

  /** The ECS refuses this start: the disk is old or empty, and takes a new name. */
  void refused(long ofNonce, long knownBoot) {
    asksAgain();
    if (registered || ofNonce != nonce) {
      return;
    }
    ServerIdentity id = storage.identity();
    storage
        .saveIdentity(new ServerIdentity(id.clusterId(), id.shards(), id.serverId(), host.random(), knownBoot,
            id.unconfirmed()));
    drawNonce(host.random());
  }
}
