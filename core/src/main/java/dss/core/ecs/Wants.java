package dss.core.ecs;

import dss.core.cluster.ClusterState;
import dss.core.cluster.Row;
import dss.core.cluster.ServerInfo;
import dss.core.cluster.StateCommand;
import dss.core.cluster.StateCommand.WantChange;
import dss.core.placement.Placement;
import dss.core.placement.Placement.Site;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Where copies are wanted. A plan is made when the servers that may hold copies change, and carried into the rows a
 * bounded number of shards at a time, the most endangered first. A plan that is lost with its ECS is made again: placement is sticky.
 */
final class Wants {
  /** Shards that may be on the move at once. */
  static final int MOVING_AT_MOST = 256;
  /** So many a shard keeps at least, however slow a disk is. */
  private static final int TWO_COPIES = 2;

  private final Sessions sessions;
  private List<List<Integer>> plan = List.of();
  private Set<Integer> planned = Set.of();
  private Set<Integer> plannedFull = Set.of();
  private int plannedCopies;
  private boolean again;

  Wants(Sessions sessions) {
    this.sessions = sessions;
  }

  void tick(ClusterState state, long now, List<StateCommand> due) {
    replan(state, now);
    if (plan.isEmpty()) {
      return;
    }
    var changes = new ArrayList<WantChange>();
    int moving = 0;
    var waiting = new ArrayList<Integer>();
    for (int shard = 0; shard < state.shards(); shard++) {
      Row row = state.row(shard);
      if (row.epoch() == 0) {
        continue;
      }
      List<Integer> wanted = wantedNow(state, shard);
      if (!row.wanted().equals(wanted)) {
        if (movesNothing(row, wanted)) {
          changes.add(new WantChange(shard, row.epoch(), wanted));
        } else if (isLed(state, row, now)) {
          waiting.add(shard);
        }
      } else if (isOnTheMove(state, row, now)) {
        moving++;
      }
    }
    waiting.sort(Comparator.comparingInt(shard -> liveInSync(state, state.row(shard), now)));
    for (int i = 0; i < waiting.size() && moving < MOVING_AT_MOST; i++, moving++) {
      int shard = waiting.get(i);
      changes.add(new WantChange(shard, state.row(shard).epoch(), wantedNow(state, shard)));
    }
    if (!changes.isEmpty()) {
      due.add(new StateCommand.Want(changes));
    }
  }

  /** Makes a new plan where other servers than the planned ones may hold copies now. */
  private void replan(ClusterState state, long now) {
    if (!allHaveReported(state, now)) {
      return;
    }
    var sites = sites(state, now);
    var servers = new TreeSet<Integer>();
    var full = new TreeSet<Integer>();
    for (Site site : sites) {
      servers.add(site.server());
      if (site.full()) {
        full.add(site.server());
      }
    }
    int copies = Math.min(state.settings().replicas(), state.members().size());
    boolean same = servers.equals(planned) && copies == plannedCopies && full.equals(plannedFull);
    if (sites.isEmpty() || same && !again) {
      return;
    }
    again = false;
    plan = new Placement(sites, copies, state.settings().minInSync()).place(current(state));
    planned = servers;
    plannedFull = full;
    plannedCopies = copies;
  }

  /** The plan is made anew at the next tick: names of zones may have changed, say. */
  void again() {
    again = true;
  }

  private static List<List<Integer>> current(ClusterState state) {
    var current = new ArrayList<List<Integer>>();
    for (int shard = 0; shard < state.shards(); shard++) {
      Row row = state.row(shard);
      current.add(row.wanted().isEmpty() ? row.inSync() : row.wanted());
    }
    return current;
  }

  /** The plan that would be made, were this one a member too, or (false) no longer; null: with those who are members. */
  Preview preview(ClusterState state, long now, @Nullable Site server, boolean member) {
    var sites = sites(state, now);
    if (server != null) {
      sites.removeIf(site -> site.server() == server.server());
    }
    if (server != null && member) {
      sites.add(server);
    }
    int copies = Math.min(state.settings().replicas(), sites.size());
    List<List<Integer>> current = current(state);
    return new Preview(current, new Placement(sites, copies, state.settings().minInSync()).place(current));
  }

  /** Whether it is known of every live member how its disk is: a new ECS knows nothing and learns it by heartbeats. */
  private boolean allHaveReported(ClusterState state, long now) {
    for (ServerInfo member : state.members()) {
      boolean silent = sessions.of(member.number()).report == ServerReport.NOTHING;
      if (silent && !isDown(member, state, now)) {
        return false;
      }
    }
    return true;
  }

  private boolean isDown(ServerInfo server, ClusterState state, long now) {
    return sessions.isDown(server, now, state.settings().deadMs());
  }

  private static Set<Integer> holders(ClusterState state) {
    var holders = new TreeSet<Integer>();
    for (int shard = 0; shard < state.shards(); shard++) {
      holders.addAll(state.row(shard).wanted());
    }
    return holders;
  }

  /** Members that live; one that is down and has copies stays planned for until the repair delay is over. */
  private List<Site> sites(ClusterState state, long now) {
    var sites = new ArrayList<Site>();
    Set<Integer> holders = planned.isEmpty() ? holders(state) : planned;
    for (ServerInfo member : state.members()) {
      long downSince = sessions.of(member.number()).downSince;
      boolean down = downSince != Long.MAX_VALUE && isDown(member, state, now);
      boolean overdue = down && now - downSince >= state.settings().repairAfterMs();
      boolean joins = !holders.contains(member.number());
      if (!overdue && !(down && joins)) {
        boolean full = sessions.of(member.number()).report.diskLow();
        sites.add(new Site(member.number(), member.id(), member.resp().host(), member.zone(), full));
      }
    }
    return sites;
  }

  /** Where a shard is to be now, servers that stop put last where another copy can lead. */
  private List<Integer> wantedNow(ClusterState state, int shard) {
    List<Integer> wanted = state.settings().paused() ? paused(state.row(shard), shard) : plan.get(shard);
    ServerInfo first = state.server(wanted.get(0));
    if (first == null || !first.stopping()) {
      return wanted;
    }
    var order = new ArrayList<>(wanted);
    for (int i = 1; i < order.size(); i++) {
      ServerInfo other = state.server(order.get(i));
      if (other != null && !other.stopping() && state.row(shard).inSync(order.get(i))) {
        Collections.swap(order, 0, i);
        return order;
      }
    }
    return wanted;
  }

  /** Where it is; what is short of the plan is made, first where it is wanted already: who is away may come back. */
  private List<Integer> paused(Row row, int shard) {
    List<Integer> planned = plan.get(shard);
    int copies = Math.min(plannedCopies, planned.size());
    var stay = new LinkedHashSet<Integer>();
    stay.add(row.primary());
    stay.addAll(row.inSync());
    stay.removeIf(server -> !mayStay(server));
    row.wanted().stream().filter(server -> stay.size() < copies && mayStay(server)).forEach(stay::add);
    planned.stream().filter(server -> stay.size() < copies).forEach(stay::add);
    List<Integer> here = stay.stream().limit(Math.max(1, copies)).toList();
    boolean same = here.size() == row.wanted().size() && row.wanted().containsAll(here);
    return same ? row.wanted() : here;
  }

  /** Planned for, or on its way out and alive. */
  private boolean mayStay(int server) {
    return planned.contains(server) || sessions.of(server).downSince == Long.MAX_VALUE;
  }

  private static boolean movesNothing(Row row, List<Integer> wanted) {
    return row.inSync().containsAll(wanted) && wanted.containsAll(row.inSync());
  }

  /** Whether somebody is there to send its copies. */
  private boolean isLed(ClusterState state, Row row, long now) {
    ServerInfo primary = state.server(row.primary());
    return primary != null && !isDown(primary, state, now);
  }

  private boolean isOnTheMove(ClusterState state, Row row, long now) {
    if (!isLed(state, row, now)) {
      return false;
    }
    boolean awaitsSlow = false;
    for (int server : row.wanted()) {
      ServerInfo info = state.server(server);
      if (!row.inSync(server) && info != null && !isDown(info, state, now)) {
        if (!isLeftBehind(state, row, server, now)) {
          return true;
        }
        awaitsSlow = true;
      }
    }
    return !awaitsSlow && row.inSync().size() > row.wanted().size();
  }

  /** Whether its primary does not take that server in for a while, as its disk is slow and enough others have the shard. */
  private boolean isLeftBehind(ClusterState state, Row row, int server, long now) {
    return sessions.of(row.primary()).report.leavesBehind(server)
        && liveInSync(state, row, now) >= Math.max(TWO_COPIES, state.settings().minInSync());
  }

  /** Shards that lack nothing but copies on servers whose disks are slow: they wait until those are quick again. */
  int awaitSlow(ClusterState state, long now) {
    int shards = 0;
    for (int shard = 0; shard < state.shards(); shard++) {
      Row row = state.row(shard);
      List<Integer> missing = row.wanted().stream().filter(server -> !row.inSync(server)).toList();
      boolean slow = missing.stream().allMatch(server -> isLeftBehind(state, row, server, now));
      shards += !missing.isEmpty() && slow && isLed(state, row, now) ? 1 : 0;
    }
    return shards;
  }

  private int liveInSync(ClusterState state, Row row, long now) {
    int live = 0;
    for (int server : row.inSync()) {
      ServerInfo info = state.server(server);
      live += info != null && !isDown(info, state, now) ? 1 : 0;
    }
    return live;
  }

  /** What is still to be done, by servers. */
  List<Moving> moving(ClusterState state) {
    return Moving.of(state, plan, plannedCopies);
  }

  /** Copies that are still to be made. */
  int copiesToMake(ClusterState state) {
    int copies = 0;
    for (int shard = 0; shard < plan.size(); shard++) {
      Row row = state.row(shard);
      for (int server : wantedNow(state, shard)) {
        copies += row.inSync(server) ? 0 : 1;
      }
    }
    return copies;
  }

  /** Whether all rows are as planned. */
  boolean isSettled(ClusterState state) {
    if (again) {
      return false;
    }
    if (plan.isEmpty()) {
      return state.members().isEmpty();
    }
    for (int shard = 0; shard < state.shards(); shard++) {
      boolean held = state.settings().paused() && !plan.get(shard).equals(wantedNow(state, shard));
      if (held || !state.row(shard).wanted().equals(wantedNow(state, shard))) {
        return false;
      }
    }
    for (ServerInfo member : state.members()) {
      if (!planned.contains(member.number())) {
        return false;
      }
    }
    for (int server : planned) {
      ServerInfo info = state.server(server);
      if (info == null || !info.member()) {
        return false;
      }
    }
    return true;
  }

  /** Numbers of servers that the plan has something for (or against) that their rows do not say yet. */
  BitSet pending(ClusterState state) {
    var pending = new BitSet();
    for (int shard = 0; shard < plan.size() && !state.settings().paused(); shard++) {
      List<Integer> planned = plan.get(shard);
      List<Integer> wanted = state.row(shard).wanted();
      if (!planned.equals(wanted)) {
        planned.stream().filter(server -> !wanted.contains(server)).forEach(pending::set);
        wanted.stream().filter(server -> !planned.contains(server)).forEach(pending::set);
      }
    }
    return pending;
  }
}
