package dss.core.ecs;

import dss.core.cluster.ClusterState;
import dss.core.cluster.Row;
import dss.core.cluster.ServerInfo;
import dss.core.cluster.Settings;
import dss.core.cluster.StateCommand;
import dss.core.placement.Placement.Site;
import dss.core.planted.PlantedBug;
import dss.core.planted.PlantedBugs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The mind of the ECS: from what is to what is wanted, in small steps that may be repeated and cut off anywhere.
 * Hears servers, and each tick says which changes of the cluster state are due; they are compare-and-set, so that a
 * step that is lost, late or done twice does no harm. Keeps nothing that a successor could not learn again. Pure.
 * Source: docs/architecture.md and docs/replication.md, Changes of the configuration.
 */
public final class Controller {
  /** Members from which on beacons are rarer. */
  private static final int MANY_MEMBERS = 16;
  private static final int BEACON_MS = 100;
  private static final int BEACON_OF_MANY_MS = 250;
  /** A server that is no member, named nowhere and down for so long is forgotten: far longer than any lease. */
  private static final int FORGET_MS = 60_000;

  /** Whether a refused connection proves that a process is gone. */
  public enum TrustRefused {
    /** Where every address is a loopback one, as nothing in between can refuse there. */
    AUTO, ON, OFF
  }

  private final Sessions sessions = new Sessions();
  private final boolean countsOutage;
  private final Promotions promotions;
  private final Wants wants = new Wants(sessions);
  private final TrustRefused trustRefused;
  private final Pace pace = new Pace();
  private ClusterState state;

  public Controller(ClusterState state, TrustRefused trustRefused, PlantedBugs bugs) {
    this.state = state;
    this.trustRefused = trustRefused;
    this.countsOutage = bugs.has(PlantedBug.ECS_COUNTS_OUTAGE_AS_SILENCE);
    this.promotions = new Promotions(sessions, bugs);
  }

  // ---- what it hears

  /** The state after the last change; all ticks judge by it. */
  public void stateChanged(ClusterState newState) {
    if (newState.version() > state.version()) {
      state = newState;
    }
  }

  public ClusterState state() {
    return state;
  }

  /** This ECS leads (again): everyone counts as heard of now. */
  public void leading(long now) {
    sessions.leading(now, countsOutage);
  }

  public void heard(int server, long boot, ServerReport report, long now) {
    sessions.heard(server, boot, report, now);
  }

  public void sessionEnded(int server) {
    sessions.ended(server);
  }

  /** A dial of the server, after its session ended, was refused: its process is gone. */
  public void processGone(int server) {
    sessions.gone(server);
  }

  /**
   * Of what a server asks for that which is to be decided now; null: nothing. What is held back for a moment is asked for
   * again.
   */
  public @Nullable StateCommand admitted(StateCommand asked, long now) {
    return asked instanceof StateCommand.SetInSync set ? promotions.admitted(state, set, now) : asked;
  }

  // ---- what it does

  /** The changes that are due now. */
  public List<StateCommand> tick(long now) {
    var due = new ArrayList<StateCommand>();
    noteDown(now);
    found(now, due);
    promotions.tick(state, now, due);
    settings(due);
    replaced(now, due);
    wants.tick(state, now, due);
    pace.look(state.settings().paused() ? 0 : wants.copiesToMake(state), bytesOfCopy(), now);
    forget(now, due);
    return due;
  }

  /** A member whose address another one has now, as its data was lost: it is not waited for. */
  private void replaced(long now, List<StateCommand> due) {
    for (ServerInfo gone : state.members()) {
      if (isDown(gone, now) && hasSuccessor(gone, now) && removals().onlyOn(gone, now).isEmpty()) {
        due.add(new StateCommand.SetMember(gone.number(), false));
      }
    }
  }

  private boolean hasSuccessor(ServerInfo gone, long now) {
    return state.members().stream()
        .anyMatch(other -> other.number() > gone.number() && other.resp().equals(gone.resp())
            && !isDown(other, now));
  }

  private void forget(long now, List<StateCommand> due) {
    for (ServerInfo server : state.servers()) {
      long downSince = sessions.of(server.number()).downSince;
      boolean longDown = downSince != Long.MAX_VALUE && isDown(server, now) && now - downSince >= FORGET_MS;
      if (!server.member() && longDown && !isNamed(server.number())) {
        due.add(new StateCommand.Forget(server.number()));
      }
    }
  }

  /** Whether some shard's row names the server. */
  public boolean isNamed(int server) {
    for (int shard = 0; shard < state.shards(); shard++) {
      if (state.row(shard).names(server)) {
        return true;
      }
    }
    return false;
  }

  private void noteDown(long now) {
    for (ServerInfo server : state.servers()) {
      Sessions.Session session = sessions.of(server.number());
      if (!session.seen) {
        // Newly registered: it counts as heard of now.
        session.seen = true;
        session.heardAt = Math.max(session.heardAt, now);
      }
      boolean down = sessions.isDown(server, now, state.settings().deadMs());
      if (!down) {
        session.downSince = Long.MAX_VALUE;
      } else if (session.downSince > now) {
        session.downSince = now;
      }
    }
  }

  private void found(long now, List<StateCommand> due) {
    var unfounded = new ArrayList<Integer>();
    for (int shard = 0; shard < state.shards(); shard++) {
      if (state.row(shard).epoch() == 0) {
        unfounded.add(shard);
      }
    }
    for (ServerInfo member : state.members()) {
      if (!unfounded.isEmpty() && !isDown(member, now)) {
        due.add(new StateCommand.Found(member.number(), unfounded));
        return;
      }
    }
  }

  private void settings(List<StateCommand> due) {
    Settings settings = state.settings();
    int members = state.members().size();
    int copies = Math.min(settings.replicas(), members);
    int minInSync = copies >= 3 ? 2 : 1;
    if (minInSync > settings.minInSync() && state.fewestInSync() < minInSync) {
      minInSync = settings.minInSync();
    }
    int beacon = members > MANY_MEMBERS ? BEACON_OF_MANY_MS : BEACON_MS;
    Settings wanted = settings.withMinInSync(minInSync);
    if (settings.beaconMs() == BEACON_MS || settings.beaconMs() == BEACON_OF_MANY_MS) {
      wanted = wanted.withBeaconMs(beacon);
    }
    if (trustRefused != TrustRefused.AUTO) {
      wanted = wanted.withTrustRefused(trustRefused == TrustRefused.ON);
    } else if (!state.servers().isEmpty()) {
      wanted = wanted.withTrustRefused(state.servers().stream().allMatch(s -> s.peer().isLoopback()));
    }
    if (!wanted.equals(settings)) {
      due.add(new StateCommand.SetSettings(wanted));
    }
  }

  // ---- what it knows

  public boolean isDown(ServerInfo server, long now) {
    return sessions.isDown(server, now, state.settings().deadMs());
  }

  /** What the server said last; nothing before it said anything to this ECS. */
  public ServerReport report(int server) {
    return sessions.of(server).report;
  }

  public boolean hasSession(int server) {
    return sessions.of(server).open;
  }

  /** What a removal may cost, by what is known now. */
  public Removals removals() {
    return new Removals(state, sessions);
  }

  /** A new plan is made: it may be another one where names of zones have changed. */
  public void planAgain() {
    wants.again();
  }

  /** What is on its way, or planned, by servers. */
  public List<Moving> moving(long now) {
    return wants.moving(state).stream().filter(each -> {
      ServerInfo server = state.server(each.server());
      return server != null && !isDown(server, now);
    }).toList();
  }

  /** Shards that lack nothing but copies on servers that are left behind for a while, as their disks are slow. */
  public int awaitSlow(long now) {
    return wants.awaitSlow(state, now);
  }

  /** Servers whose disks drag every write, each with who says so first, of those that live. */
  public Map<Integer, SlowDisk> slow(long now) {
    var slow = new TreeMap<Integer, SlowDisk>();
    for (ServerInfo by : state.servers()) {
      if (!isDown(by, now)) {
        report(by.number()).slow().forEach(told -> slow.putIfAbsent(told.server(), new SlowDisk(by, told)));
      }
    }
    return slow;
  }

  /** @param by who says it */
  public record SlowDisk(ServerInfo by, ServerReport.Slow told) {}

  /** Bytes of one copy of a shard on the average, as servers say; 0: not known. */
  public long bytesOfCopy() {
    long bytes = 0;
    long copies = 0;
    for (ServerInfo server : state.servers()) {
      ServerReport.Copies told = report(server.number()).copies();
      bytes += told.bytes();
      copies += told.copies();
    }
    return copies == 0 ? 0 : bytes / copies;
  }

  /** How long so many copies will take, by what the last ones took; seconds. */
  public long secondsFor(int copies) {
    return pace.seconds(copies, bytesOfCopy());
  }

  /**
   * What it would come to, were the server a member too, or (false) no longer; null: were a new plan made. Nothing is
   * changed.
   */
  public Preview preview(@Nullable Site server, boolean member, long now) {
    return wants.preview(state, now, server, member);
  }

  public ServerStatus status(ServerInfo server, long now) {
    return status(server, now, new Statuses(state, wants.pending(state)));
  }

  /** Those of all servers by their numbers. */
  public Map<Integer, ServerStatus> statuses(long now) {
    var all = new TreeMap<Integer, ServerStatus>();
    var statuses = new Statuses(state, wants.pending(state));
    for (ServerInfo server : state.servers()) {
      all.put(server.number(), status(server, now, statuses));
    }
    return all;
  }

  private ServerStatus status(ServerInfo server, long now, Statuses statuses) {
    return isDown(server, now)
        ? ServerStatus.DOWN
        : statuses.of(server, report(server.number()).locked());
  }

  /**
   * Nothing moves and nothing needs to: every row is as wanted, every live server has applied this state and every
   * primary has said that it serves.
   */
  public boolean isBalanced(long now) {
    if (!wants.isSettled(state)) {
      return false;
    }
    for (ServerInfo server : state.servers()) {
      if (!isDown(server, now) && report(server.number()).version() < state.version()) {
        return false;
      }
    }
    for (int shard = 0; shard < state.shards(); shard++) {
      Row row = state.row(shard);
      if (row.epoch() == 0 && state.members().isEmpty()) {
        continue;
      }
      Long served = report(row.primary()).serving().get(shard);
      if (!row.isAsWanted() || served == null || served < row.epoch()) {
        return false;
      }
    }
    return true;
  }
}
