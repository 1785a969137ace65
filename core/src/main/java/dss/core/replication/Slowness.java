package dss.core.replication;

import dss.core.cluster.ClusterState;
import dss.core.cluster.Row;
import dss.core.cluster.ServerInfo;
import dss.core.cluster.StateCommand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose disk drags every write: medians, each second, of how long this server and each other one take until what is
 * sent to them is durable. A copy that is ten times slower than the others, and slow, for five seconds is left behind
 * for a minute, and for twice as long each time that it is found slow again soon after; where it is this server's own
 * disk, others are to lead for a minute. It is a matter of speed alone: no promise rests on it. Source: docs/replication.md, Beside the protocol (Slow copy).
 */
final class Slowness {
  static final int AWAY_MS = 60_000;
  /** Sixteen minutes at most. */
  private static final int DOUBLED_AT_MOST = 4;
  /** Who was quick for so long has no past. */
  private static final int SOON_MS = 300_000;
  private static final int LOOK_MS = 1_000;
  private static final int SLOW_FOR_MS = 5_000;
  /** What was slow once, and has nothing to do since, is not said to be slow. */
  private static final int HOLDS_MS = 2_500;
  private static final int AT_LEAST_MS = 50;
  private static final int TIMES = 10;

  /** How long one server's disk takes, as heard here. */
  static final class Disk {
    private static final int KEPT = 63;
    /** With fewer in a second nothing is said of it. */
    private static final int ENOUGH = 3;

    private final int[] took = new int[KEPT];
    private int count;
    private int next;
    /** Of the last second that had enough; -1: none had for a while. */
    private int median = -1;
    private long medianAt = Node.LONG_AGO;
    /** When the first of those that are counted came. */
    private long firstAt;
    private long slowSince = Node.LONG_AGO;
    private long awayUntil = Node.LONG_AGO;
    private int doubled;
    /** Its median, and that of the others, when it was found slow. */
    private int tookMs;
    private int othersMs;

    /** Something became durable there, so long after it was sent. */
    void took(long ms, long now) {
      firstAt = count == 0 ? now : firstAt;
      took[next] = (int) Math.min(Integer.MAX_VALUE, ms);
      next = (next + 1) % KEPT;
      count = Math.min(KEPT, count + 1);
    }

    private void look(long now) {
      if (count >= ENOUGH) {
        int[] sorted = Arrays.copyOf(took, count);
        Arrays.sort(sorted);
        median = sorted[count / 2];
        medianAt = now;
        count = 0;
        next = 0;
      } else {
        median = now - medianAt >= HOLDS_MS ? -1 : median;
        if (count > 0 && now - firstAt >= HOLDS_MS) {
          count = 0;
          next = 0;
        }
      }
    }

    /** Whether it drags the others so, and has for long enough by now. */
    private boolean drags(int others, long now) {
      if (median < AT_LEAST_MS || others < 0 || median <= TIMES * others) {
        slowSince = Node.LONG_AGO;
        return false;
      }
      slowSince = slowSince == Node.LONG_AGO ? now : slowSince;
      return now - slowSince >= SLOW_FOR_MS;
    }

    /** Another start, perhaps with another disk. */
    void startedAgain() {
      forget();
      awayUntil = Node.LONG_AGO;
      doubled = 0;
    }

    /** Nothing is known of it: what comes from now on counts. */
    private void forget() {
      count = 0;
      next = 0;
      median = -1;
      slowSince = Node.LONG_AGO;
    }

    boolean isAway(long now) {
      return now < awayUntil;
    }

    /** @param longer if it is so again: what is filled anew each time costs others */
    private void leave(int others, long now, boolean longer) {
      doubled = longer && now - awayUntil < SOON_MS ? Math.min(doubled + 1, DOUBLED_AT_MOST) : 0;
      awayUntil = now + ((long) AWAY_MS << doubled);
      tookMs = median;
      othersMs = others;
      slowSince = Node.LONG_AGO;
    }
  }

  /** One entry at a time is timed on its way to the disk. */
  static final class Timer {
    private static final long NONE = -1;
    private long seq = NONE;
    private long since;

    boolean runs() {
      return seq != NONE;
    }

    void sent(long lastSeq, long now) {
      if (seq == NONE) {
        seq = lastSeq;
        since = now;
      }
    }

    void durable(long match, long now, Disk disk) {
      if (seq != NONE && match >= seq) {
        disk.took(now - since, now);
        seq = NONE;
      }
    }

    void forget() {
      seq = NONE;
    }
  }

  private final Node node;
  private final Disk own = new Disk();
  private long lookedAt = Node.LONG_AGO;
  private boolean anyAway;
  private boolean stopping;

  Slowness(Node node) {
    this.node = node;
  }

  /** This server's. */
  Disk own() {
    return own;
  }

  void tick(long now) {
    if (now - lookedAt < LOOK_MS) {
      return;
    }
    lookedAt = now;
    Set<Integer> join = whoJoins();
    List<Disk> disks = new ArrayList<>();
    for (PeerLink link : node.links().all()) {
      if (link.server != node.self()) {
        mayJudge(link.disk, link.connected && !join.contains(link.server), disks, now);
      }
    }
    mayJudge(own, !join.contains(node.self()), disks, now);
    disks.forEach(disk -> disk.look(now));
    for (Disk disk : disks) {
      int others = medianOfOthers(disks, disk);
      if (!disk.isAway(now) && disk.drags(others, now)) {
        disk.leave(others, now, disk != own);
      }
    }
    anyAway = node.links().all().stream().anyMatch(link -> link.disk.isAway(now));
    sayOwn(now);
  }

  private static void mayJudge(Disk disk, boolean fair, List<Disk> judged, long now) {
    if (fair || disk.isAway(now)) {
      judged.add(disk);
    } else {
      disk.forget();
    }
  }

  /** Whether anybody is left behind: looked at once a second, so for a second more than it is so. */
  boolean anyAway() {
    return anyAway;
  }

  /** This process is to end: what it has said of that is not taken back. */
  void stopping() {
    stopping = true;
  }

  private static int medianOfOthers(List<Disk> disks, Disk but) {
    int[] medians = disks.stream().filter(disk -> disk != but && disk.median >= 0)
        .mapToInt(disk -> disk.median)
        .sorted().toArray();
    return medians.length == 0 ? -1 : Math.max(1, medians[(medians.length - 1) / 2]);
  }

  /** As a server that stops: others lead where they can. */
  private void sayOwn(long now) {
    ServerInfo me = node.clusterState().server(node.self());
    if (me == null) {
      return;
    }
    boolean slow = own.isAway(now);
    // Asked again until it is so: an ask may be lost, or late.
    if (me.stopping() != slow && !stopping) {
      node.host().request(new StateCommand.SetStopping(node.self(), node.boot(), slow));
    }
  }

  /** Who takes copies in has a busy disk: that says nothing of how it is else. */
  private Set<Integer> whoJoins() {
    ClusterState state = node.clusterState();
    var join = new HashSet<Integer>();
    for (int shard = 0; shard < state.shards(); shard++) {
      Row row = state.row(shard);
      if (!row.inSync().containsAll(row.wanted())) {
        row.wanted().stream().filter(server -> !row.inSync(server)).forEach(join::add);
      }
    }
    return join;
  }

  /** What is to be told of another server; null: nothing. */
  NodeStatus.@Nullable Slow told(PeerLink link, long now) {
    return link.disk.isAway(now)
        ? new NodeStatus.Slow(link.server, link.disk.tookMs, link.disk.othersMs)
        : null;
  }
}
