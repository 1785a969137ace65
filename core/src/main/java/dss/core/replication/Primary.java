package dss.core.replication;

import dss.core.cluster.Row;
import dss.core.planted.PlantedBug;
import dss.core.replication.PeerMessage.CopyAck;
import dss.core.replication.PeerMessage.Mismatch;
import dss.core.storage.ShardStorage;
import java.util.ArrayList;
import java.util.List;

/**
 * The primary of one shard: who follows it, what is committed, when it serves. States: becoming (log not committed
 * or barrier not passed), serving, draining (for a handover; reads go on). Source: docs/replication.md, Epochs.
 */
final class Primary {
  private final Replica replica;
  private final Barrier barrier;
  private final long noOpSeq;
  private final Followers followers = new Followers(this);
  private final Membership membership;
  private final Repeats repeats;
  private final Slowness.Timer ownTimer = new Slowness.Timer();
  private boolean serving;

  Primary(Replica replica, Barrier barrier, long noOpSeq) {
    this.replica = replica;
    this.barrier = barrier;
    this.noOpSeq = noOpSeq;
    this.membership = new Membership(this);
    this.repeats = new Repeats(replica);
  }

  Replica replica() {
    return replica;
  }

  Node node() {
    return replica.node();
  }

  ShardStorage storage() {
    return replica.storage();
  }

  int shard() {
    return replica.shard();
  }

  Row row() {
    return replica.row();
  }

  long epoch() {
    return replica.epoch();
  }

  long committed() {
    return replica.committed();
  }

  Membership membership() {
    return membership;
  }

  Repeats repeats() {
    return repeats;
  }

  boolean serving() {
    return serving;
  }

  Followers followers() {
    return followers;
  }

  // ---- epochs

  /** The first epoch as primary: everyone is probed. */
  void begin() {
    long now = node().now();
    membership.newEpoch(now);
    followers.reconcile(now);
  }

  /** Another epoch of a shard that it stays primary of. */
  void newEpoch() {
    long now = node().now();
    membership.newEpoch(now);
    followers.newEpoch(now);
    advance();
    if (serving) {
      node().outbox().announceServing(shard(), epoch());
      replica.unpark();
    }
    retain();
  }

  /** No longer primary: copies it sends end. */
  void end() {
    followers.endCopies();
    storage().retainAfter(Long.MAX_VALUE);
  }

  // ---- who counts

  /** Whether a write would be backed by fewer copies than there must be. */
  boolean isShortOfCopies() {
    return row().inSync().size() < node().clusterSettings().minInSync();
  }

  /** Whether every other member of the effective set lets this one read at this moment. */
  boolean leasesHold() {
    return leasesHold(node().now());
  }

  private boolean leasesHold(long now) {
    return node().bug(PlantedBug.READ_WITHOUT_LEASE) || followers.leasesHold(now);
  }

  /** A read waits, or is to be served: leases are kept, and those that it lacks are asked for. */
  void needLeases() {
    followers.needLeases(node().now());
  }

  /** Whether a read may be served at this moment. */
  boolean mayRead() {
    long now = node().now();
    followers.needLeases(now);
    return leasesHold(now);
  }

  // ---- what is committed

  /** Moves committed to what is durable here and, heard in this epoch, on all of the effective set. */
  void advance() {
    if (ownTimer.runs()) {
      ownTimer.durable(storage().durableSeq(), node().now(), node().slowness().own());
    }
    long to = node().bug(PlantedBug.ACK_BEFORE_OWN_FSYNC) ? storage().lastSeq() : storage().durableSeq();
    if (!node().bug(PlantedBug.ACK_BEFORE_BACKUP_DURABLE)) {
      to = followers.durable(to);
    }
    if (to > replica.committed()) {
      replica.commit(to);
      membership.committed();
    }
    checkServing();
  }

  void checkServing() {
    if (serving) {
      return;
    }
    boolean logCommitted = storage().appliedSeq() >= noOpSeq
        || node().bug(PlantedBug.SERVES_BEFORE_LOG_COMMITTED);
    boolean passed = barrier.passed(node().now(), node().links()) || node().bug(PlantedBug.BARRIER_IGNORED);
    if (logCommitted && passed) {
      serving = true;
      node().outbox().announceServing(shard(), epoch());
      replica.unpark();
    }
  }

  /** One entry was appended: everyone who follows is to get it. */
  void appended(long now) {
    followers.appended(now);
    ownTimer.sent(storage().lastSeq(), now);
    node().awaitingSync().add(replica);
  }

  // ---- answers

  void durable(PeerLink from, long ofEpoch, long match, long copyId) {
    Follower follower = followers.at(from);
    if (follower == null || (ofEpoch != epoch() && !node().bug(PlantedBug.DURABLE_OF_OLDER_EPOCH))) {
      return;
    }
    if (follower.durable(Math.min(match, storage().lastSeq()), copyId, node().now())) {
      advance();
      membership.progressed(follower);
    }
    if (follower.hasMore()) {
      follower.markDirty();
    }
  }

  void mismatch(PeerLink from, Mismatch message) {
    Follower follower = followers.at(from);
    if (follower == null || message.epoch() != epoch() || follower.copy != null
        || follower.isStale(message)) {
      return;
    }
    long now = node().now();
    if (follower.mismatch(message.last(), message.needCopy(), message.copyId(), now)
        && !follower.countsForWrites) {
      beginCopy(follower, now);
    }
  }

  void copyAck(PeerLink from, CopyAck ack) {
    Follower follower = followers.at(from);
    if (follower != null && follower.copy != null && ack.epoch() == epoch()) {
      follower.copy.answered(ack, node().now());
    }
  }

  private void beginCopy(Follower follower, long now) {
    if (!node().transfers().mayBegin()) {
      return;
    }
    var copy = new CopyOut(follower, node().host().random(), now);
    follower.copyId = copy.copyId;
    follower.copy = copy;
    node().transfers().begun();
    node().ticks().activate(replica);
    copy.open();
  }

  void copyEnded() {
    retain();
  }

  /** Tells the log from where on it is still needed by a copy that is behind. */
  void retain() {
    long from = followers.retainAfter();
    storage().retainAfter(from < storage().lastSeq() ? from : Long.MAX_VALUE);
  }

  // ---- connections and time

  void connected(PeerLink link) {
    Follower follower = followers.at(link);
    if (follower != null) {
      follower.newConnection(node().now());
    }
  }

  void disconnected(PeerLink link) {
    Follower follower = followers.at(link);
    if (follower != null) {
      follower.endCopy();
    }
  }

  void tick(long now) {
    advance();
    replica.drain();
    int resendAfter = 2 * node().clusterSettings().beaconMs();
    for (Follower follower : followers.all()) {
      if (!follower.link.connected) {
        continue;
      }
      if (follower.copy != null) {
        if (follower.copy.silent(now)) {
          follower.endCopy();
          follower.resend(now);
        }
      } else if (follower.owes() && now - follower.progressAt >= resendAfter) {
        follower.resend(now);
      } else if (follower.committedIsDue(now)) {
        follower.tellCommitted();
      }
    }
    membership.tick(now);
    retain();
  }

  /**
   * Whether it serves, nobody is to be taken in or dropped, and nobody is sent a copy or late with an answer: what was not
   * taken is to be sent again in good time, before whom it was sent to is dropped as slow.
   */
  boolean quiet() {
    return serving && membership.quiet()
        && followers.areInTime(node().now(), node().clusterSettings().beaconMs() / 2);
  }

  List<Integer> learners() {
    var learners = new ArrayList<Integer>();
    for (Follower follower : followers.all()) {
      if (!row().inSync(follower.link.server)) {
        learners.add(follower.link.server);
      }
    }
    return learners;
  }
}
