package dss.core.replication;

import dss.core.cluster.Row;
import dss.core.cluster.Settings;
import dss.core.cluster.StateCommand.InSyncChange;
import dss.core.cluster.StateCommand.PrimaryChange;
import dss.core.planted.PlantedBug;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * What a primary wants changed of its row: takes learners in, drops who is silent or not wanted, hands over.
 * Asks are compare-and-set and have no answer: only a new epoch ends them.
 * Source: docs/replication.md, Changes of the configuration.
 */
final class Membership {
  /** A handover is given up after so long, and tried again after as long. */
  static final long HANDOVER_MS = 1_000;

  private static final int TWO_COPIES = 2;

  private final Primary primary;
  private long epochSince;
  private long askedAt = Node.LONG_AGO;
  private boolean draining;
  private long drainSince;
  private long handoverAskedAt = Node.LONG_AGO;
  private long noHandoverBefore = Node.LONG_AGO;

  Membership(Primary primary) {
    this.primary = primary;
  }

  void newEpoch(long now) {
    epochSince = now;
    askedAt = Node.LONG_AGO;
    handoverAskedAt = Node.LONG_AGO;
    stopDraining();
  }

  /** For how long the row is as it is, ms. */
  long epochAge(long now) {
    return now - epochSince;
  }

  boolean draining() {
    return draining;
  }

  /** Nothing is to be changed. */
  boolean quiet() {
    return !draining && !primary.followers().anyAsked() && primary.row().isAsWanted();
  }

  /** A follower is further: perhaps it can be taken in. */
  void progressed(Follower follower) {
    if (!primary.row().inSync(follower.link.server) && !primary.followers().asked(follower.link.server)) {
      ask(primary.node().now());
    }
  }

  /** More is committed: perhaps drained by now. */
  void committed() {
    if (draining) {
      askHandoverIfDrained(primary.node().now());
    }
  }

  void tick(long now) {
    if (!quiet() || anyIsSilent(now) || anyDrags(now)) {
      ask(now);
      handover(now);
    }
  }

  private boolean anyIsSilent(long now) {
    for (Follower follower : primary.followers().all()) {
      if (isSilent(follower, now)) {
        return true;
      }
    }
    return false;
  }

  private boolean anyDrags(long now) {
    return primary.node().slowness().anyAway()
        && withoutSlow(primary.row().inSync(), now).size() < primary.row().inSync().size();
  }

  private int minInSync() {
    return primary.node().clusterSettings().minInSync();
  }

  /** Without those whose disks drag all writes, as far as enough remain: two disks at least, whatever may be allowed. */
  private ArrayList<Integer> withoutSlow(List<Integer> set, long now) {
    var rest = new ArrayList<>(set);
    for (int server : set) {
      if (server != primary.node().self() && rest.size() > Math.max(TWO_COPIES, minInSync())
          && primary.node().link(server).disk.isAway(now)) {
        rest.remove(Integer.valueOf(server));
      }
    }
    return rest;
  }

  // ---- in-sync sets

  private void ask(long now) {
    if (!primary.serving()) {
      askToDropTheSilent(now);
      return;
    }
    List<Integer> set = wish(now);
    boolean news = !sameMembers(set, primary.row().inSync()) || !set.containsAll(primary.followers().asked());
    if (news && now - askedAt >= againAfter()) {
      request(set, anyIsSilent(now) || primary.isShortOfCopies(), now);
    }
  }

  /** A primary that is still becoming one needs the silent out of its way, and takes nobody in. */
  private void askToDropTheSilent(long now) {
    var set = new ArrayList<Integer>();
    for (int server : primary.row().inSync()) {
      if (server == primary.node().self() || !isSilent(follower(server), now)) {
        set.add(server);
      }
    }
    if (set.size() < primary.row().inSync().size() && now - askedAt >= againAfter()) {
      request(set, true, now);
    }
  }

  private List<Integer> wish(long now) {
    Row row = primary.row();
    int self = primary.node().self();
    ArrayList<Integer> set = new ArrayList<>();
    for (int server : row.inSync()) {
      if (server == self || !isSilent(follower(server), now)) {
        set.add(server);
      }
    }
    set = withoutSlow(set, now);
    for (Follower follower : primary.followers().all()) {
      int server = follower.link.server;
      if (row.wants(server) && !row.inSync(server) && isReady(follower, now)) {
        set.add(server);
      }
    }
    if (row.inSync().containsAll(row.wanted()) && set.containsAll(row.wanted())) {
      set.removeIf(server -> server != self && !row.wants(server));
    }
    return set;
  }

  private boolean isReady(Follower follower, long now) {
    if (primary.followers().asked(follower.link.server)) {
      return !isSilent(follower, now);
    }
    return follower.copy == null && follower.link.connected && follower.durable != Follower.UNKNOWN
        && (!follower.link.disk.isAway(now)
            || primary.row().inSync().size() < Math.max(TWO_COPIES, minInSync()))
        && follower.durable >= primary.committed() && !follower.link.silentFor(deadMs(), now);
  }

  /** @param waits whether writes wait for it */
  private void request(List<Integer> set, boolean waits, long now) {
    Node node = primary.node();
    var boots = new ArrayList<Long>();
    for (int server : set) {
      boots.add(server == node.self() ? node.boot() : follower(server).durableBoot);
      if (!primary.row().inSync(server)) {
        primary.followers().ask(server);
      }
    }
    askedAt = now;
    node.ticks().activate(primary.replica());
    node.outbox().askInSync(new InSyncChange(primary.shard(), primary.epoch(), set, boots), waits);
    if (node.bug(PlantedBug.ASK_WITHOUT_ANSWER_FORGOTTEN)) {
      primary.followers().forgetAsked();
    }
  }

  /**
   * Silent: no durable of this epoch for slow while it owes one and is not busy; or no word though it owes one for dead,
   * before this epoch too: that may be why there is another primary; or its connection is refused. Who was never
   * connected is given its time.
   */
  private boolean isSilent(Follower follower, long now) {
    Node node = primary.node();
    PeerLink link = follower.link;
    Settings settings = node.clusterSettings();
    boolean slow = follower.owes()
        && now - Math.max(Math.max(follower.durableAt, link.busyUntil()),
            node.ticks().awakeSince()) >= settings.slowMs();
    long notBefore = link.connection == 0
        ? Math.max(epochSince, node.ticks().awakeSince())
        : node.ticks().awakeSince();
    boolean dead = link.silence(notBefore, now) >= settings.deadMs();
    return slow || dead || (link.refused && !link.connected);
  }

  private Follower follower(int server) {
    for (Follower follower : primary.followers().all()) {
      if (follower.link.server == server) {
        return follower;
      }
    }
    throw new IllegalStateException("server " + server + " does not follow shard " + primary.shard());
  }

  // ---- handover

  private void handover(long now) {
    if (draining) {
      if (now - drainSince >= HANDOVER_MS) {
        noHandoverBefore = now + HANDOVER_MS;
        stopDraining();
        primary.replica().unpark();
      } else {
        askHandoverIfDrained(now);
      }
    } else if (primary.serving() && now >= noHandoverBefore && target(now) != Row.NONE) {
      draining = true;
      drainSince = now;
      handoverAskedAt = Node.LONG_AGO;
      askHandoverIfDrained(now);
    }
  }

  /** Who should be primary instead: the first of wanted, where it is in sync and live. */
  private int target(long now) {
    Row row = primary.row();
    int self = primary.node().self();
    for (int server : row.wanted()) {
      if (server == self) {
        return Row.NONE;
      }
      PeerLink link = primary.node().link(server);
      if (row.inSync(server) && link.connected && !link.silentFor(deadMs(), now)
          && !isSilent(follower(server), now)) {
        return server;
      }
      if (row.wants(self)) {
        return Row.NONE;
      }
    }
    return Row.NONE;
  }

  private void askHandoverIfDrained(long now) {
    int to = target(now);
    if (to != Row.NONE && primary.replica().isDrained() && now - handoverAskedAt >= againAfter()) {
      handoverAskedAt = now;
      primary.node().outbox().askHandover(new PrimaryChange(primary.shard(), primary.epoch(), to));
    }
  }

  private void stopDraining() {
    draining = false;
  }

  private long againAfter() {
    return 2L * primary.node().clusterSettings().beaconMs();
  }

  private int deadMs() {
    return primary.node().clusterSettings().deadMs();
  }

  private static boolean sameMembers(List<Integer> a, List<Integer> b) {
    return a.size() == b.size() && new HashSet<>(a).containsAll(b);
  }
}
