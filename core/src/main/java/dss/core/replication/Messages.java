package dss.core.replication;

import dss.core.planted.PlantedBug;
import dss.core.replication.PeerLink.Held;
import dss.core.replication.PeerLink.SentAppend;
import dss.core.replication.PeerMessage.Append;
import dss.core.replication.PeerMessage.AppendFrame;
import dss.core.replication.PeerMessage.FrameDone;
import dss.core.replication.PeerMessage.Serving;
import dss.core.replication.PeerMessage.ShardEpoch;
import dss.core.replication.PeerMessage.StateRequest;
import dss.core.replication.PeerMessage.StateTransfer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Messages between servers: holds what a newer version must come before, hands the rest to whom it concerns, and
 * puts appends into frames. Source: docs/replication.md, Messages between servers: one rule.
 */
final class Messages {
  /** Appends in one frame at the most: a shard has one, and its answer names its place. */
  private static final int APPENDS_AT_MOST = 4096;
  /** The state is asked for again after so long, ms. */
  private static final long STATE_AGAIN_MS = 100;
  /** Mostly the ECS's word is on its way: a peer, which gives the whole state, is asked when it does not come, ms. */
  private static final long STATE_AWAITED_MS = 50;

  private final Node node;
  /** Servers of which something is held. */
  private final Set<PeerLink> holding = new LinkedHashSet<>();

  Messages(Node node) {
    this.node = node;
  }

  // ---- in

  void received(PeerLink from, long version, PeerMessage message) {
    if (!from.connected) {
      return;
    }
    from.heard();
    from.seenVersion = Math.max(from.seenVersion, version);
    switch (message) {
      case StateRequest request -> {
        if (request.known() < node.version()) {
          send(from, new StateTransfer(node.clusterState()));
        }
      }
      case StateTransfer transfer -> node.state(transfer.state());
      default -> receivedInOrder(from, version, message);
    }
  }

  private void receivedInOrder(PeerLink from, long version, PeerMessage message) {
    boolean unheld = message instanceof PeerMessage.BeaconReply && node.bug(PlantedBug.LEASE_REPLY_NOT_HELD);
    if ((from.held.isEmpty() && version <= node.version()) || unheld) {
      handle(from, message);
      return;
    }
    if (from.held.size() >= PeerLink.HELD_AT_MOST) {
      node.host().disconnect(from.server);
      return;
    }
    from.held.add(new Held(version, PeerMessages.lasting(message), node.now()));
    holding.add(from);
  }

  boolean holdsAny() {
    return !holding.isEmpty();
  }

  /** Whose word waits for a state that does not come is asked for it. */
  void tick(long now) {
    for (PeerLink link : List.copyOf(holding)) {
      Held head = link.held.peekFirst();
      if (head == null) {
        holding.remove(link);
      } else if (now - head.at() >= STATE_AWAITED_MS) {
        askForState(link);
      }
    }
  }

  private void askForState(PeerLink from) {
    long now = node.now();
    if (now - from.stateAskedAt >= STATE_AGAIN_MS) {
      from.stateAskedAt = now;
      send(from, new StateRequest(node.version()));
    }
  }

  /** Handles what the version now in effect was waited for. */
  void release() {
    for (PeerLink link : List.copyOf(holding)) {
      Held head = link.held.peekFirst();
      while (head != null && head.version() <= node.version()) {
        link.held.removeFirst();
        handle(link, head.message());
        head = link.held.peekFirst();
      }
    }
  }

  private void handle(PeerLink from, PeerMessage message) {
    switch (message) {
      case PeerMessage.Beacon m -> node.beacons().beacon(from, m);
      case PeerMessage.BeaconReply m -> node.beacons().reply(from, m);
      case Serving m -> serving(from, m);
      case AppendFrame m -> appendFrame(from, m);
      case FrameDone m -> frameDone(from, m);
      case PeerMessage.Mismatch m -> {
        if (primary(m.shard()) instanceof Primary p) {
          p.mismatch(from, m);
        }
      }
      case PeerMessage.Stale m -> askForState(from);
      case PeerMessage.Busy m -> from.heardBusy(node.now());
      case PeerMessage.CopyChunk m -> {
        if (isShard(m.shard()) && !node.replica(m.shard()).isPrimary()) {
          node.replica(m.shard()).backup().copyChunk(from, m);
        }
      }
      case PeerMessage.CopyAck m -> {
        if (primary(m.shard()) instanceof Primary p) {
          p.copyAck(from, m);
        }
      }
      case StateRequest m -> throw new IllegalStateException("never held: " + m);
      case StateTransfer m -> throw new IllegalStateException("never held: " + m);
    }
  }

  private void serving(PeerLink from, Serving message) {
    for (ShardEpoch served : message.shards()) {
      if (isShard(served.shard())) {
        node.replica(served.shard()).heardServing(from.server, served.epoch());
      }
    }
  }

  private void appendFrame(PeerLink from, AppendFrame message) {
    List<Append> appends = message.appends();
    from.broughtEntries |= message.bringsEntries();
    var frame = new InFrame(node, from, message.n(), appends.size());
    for (int place = 0; place < appends.size(); place++) {
      Append append = appends.get(place);
      if (isShard(append.shard())) {
        node.replica(append.shard()).backup().append(from, frame, place, append);
      } else {
        frame.notDone(place);
      }
    }
  }

  private void frameDone(PeerLink from, FrameDone done) {
    List<SentAppend> sent = from.framesOpen.remove(done.n());
    if (sent == null) {
      return;
    }
    Set<Integer> except = done.except().isEmpty() ? Set.of() : new HashSet<>(done.except());
    for (int place = 0; place < sent.size(); place++) {
      if (except.contains(place)) {
        continue;
      }
      SentAppend append = sent.get(place);
      Primary primary = primary(append.shard());
      if (primary != null) {
        primary.durable(from, append.epoch(), append.match(), append.copyId());
      }
    }
  }

  private @org.jspecify.annotations.Nullable Primary primary(int shard) {
    return isShard(shard) ? node.replica(shard).primary() : null;
  }

  private boolean isShard(int shard) {
    return shard >= 0 && shard < node.replicas().length;
  }

  // ---- out

  /** On the main connection, if it is open. */
  void send(PeerLink link, PeerMessage message) {
    if (link.connected) {
      if (message instanceof PeerMessage.Beacon || message instanceof AppendFrame) {
        link.asked(node.now());
      }
      node.host().send(link.server, node.version(), message);
    }
  }

  /** On the copy connection that belongs to it. */
  void sendCopy(PeerLink link, PeerMessage message) {
    if (link.connected) {
      link.asked(node.now());
      node.host().sendCopy(link.server, node.version(), message);
    }
  }

  /** The first words on a new connection: all shards that this server serves, and a beacon. */
  void greet(PeerLink link) {
    var serving = new ArrayList<ShardEpoch>();
    for (Replica replica : node.replicas()) {
      if (replica.serves()) {
        serving.add(new ShardEpoch(replica.shard(), replica.epoch()));
      }
    }
    send(link, new Serving(serving));
    send(link, new PeerMessage.Beacon(link.beaconSent(node.now())));
  }

  void sendServing(List<ShardEpoch> news) {
    if (news.isEmpty()) {
      return;
    }
    for (PeerLink link : node.links().all()) {
      send(link, new Serving(news));
    }
  }

  void sendAppends() {
    for (PeerLink link : node.links().takeDirty()) {
      while (!link.dirty.isEmpty()) {
        sendFrame(link);
      }
    }
  }

  private void sendFrame(PeerLink link) {
    int bytes = node.settings().frameBytes;
    var appends = new ArrayList<Append>();
    var sent = new ArrayList<SentAppend>();
    var again = new ArrayList<Follower>();
    int taken = 0;
    for (Follower follower : link.dirty) {
      if (bytes <= 0 || appends.size() >= APPENDS_AT_MOST) {
        break;
      }
      taken++;
      follower.dirty = false;
      Append append = follower.isCurrent() ? follower.nextAppend(bytes) : null;
      if (append != null) {
        appends.add(append);
        sent.add(new SentAppend(append.shard(), append.epoch(), append.match(), append.copyId()));
        bytes -= PeerMessages.size(append);
        if (follower.sendsMore()) {
          again.add(follower);
        }
      }
    }
    link.dirty.subList(0, taken).clear();
    again.forEach(Follower::markDirty);
    if (!appends.isEmpty()) {
      long n = link.framesSent++;
      link.framesOpen.put(n, sent);
      send(link, new AppendFrame(n, appends));
    }
  }
}
