package dss.sim;

import dss.core.cluster.ClusterState;
import dss.core.cluster.Row;
import dss.core.cluster.ServerInfo;
import dss.core.cluster.StateCommand;
import dss.core.ecs.Controller;
import dss.core.ecs.ServerStatus;
import dss.core.entry.Entry;
import dss.core.storage.Mark;
import dss.protocol.Bytes;
import dss.protocol.Slots;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The invariants of docs/replication.md, looked at after every event. */
final class Checks {
  private record Place(int shard, long seq) {}

  private record Era(int shard, long epoch) {}

  private record Creator(int server, long boot) {}

  private record Digest(long epoch, int hash) {}

  private final Cluster cluster;
  private final Map<Place, Digest> committed = new HashMap<>();
  private final Map<Era, Creator> creators = new HashMap<>();
  private final Map<Integer, Long> acknowledged = new HashMap<>();
  private final Map<Integer, Digest> acknowledgedEntry = new HashMap<>();
  /** Shards that have begun again, each with the epoch since when. */
  private final Map<Integer, Long> begunAgain = new HashMap<>();
  private long events;
  private long copiesWanted;

  Checks(Cluster cluster) {
    this.cluster = cluster;
  }

  /** 1: at most one server could serve a read of a shard at this instant; only who has just done something newly can. */
  void afterEvent(SimServer actor) {
    events++;
    if (!cluster.profile.clocksKeepBounds() || actor.number() == 0) {
      return;
    }
    for (int shard = 0; shard < cluster.profile.shards; shard++) {
      if (couldRead(actor, shard)) {
        for (SimServer other : cluster.servers) {
          if (other != actor && couldRead(other, shard)) {
            cluster.violation("two servers could read shard " + shard + ": " + actor.index + " and "
                + other.index);
          }
        }
      }
    }
  }

  private static boolean couldRead(SimServer server, int shard) {
    return server.number() != 0 && server.process().running() && server.node().status().couldRead(shard);
  }

  long events() {
    return events;
  }

  /** Copies that were wanted where none had been wanted before, so far. */
  long copiesWanted() {
    return copiesWanted;
  }

  /** 5: entries of one (shard, epoch) are created by one server in one boot. */
  void appended(SimServer server, Entry entry) {
    var era = new Era(entry.shard(), entry.epoch());
    Row row = server.number() == 0 || server.node().stateInEffect() == null
        ? null
        : server.node().stateInEffect().row(entry.shard());
    boolean creates = row != null && row.primary() == server.number() && row.epoch() == entry.epoch();
    if (creates) {
      var creator = new Creator(server.index, server.node().boot());
      Creator known = creators.putIfAbsent(era, creator);
      if (known != null && !known.equals(creator)) {
        cluster.violation(
            "two creators of shard " + entry.shard() + " epoch " + entry.epoch() + ": " + known + " and "
                + creator);
      }
    }
  }

  /** 2 and 3: what is committed anywhere is the same everywhere; nothing is applied that is not durable. */
  void applied(SimServer server, Entry entry, boolean durable) {
    if (!durable) {
      cluster.violation("server " + server.index + " applied " + entry + " before it was on its disk");
    }
    if (entry.epoch() < begunAgain.getOrDefault(entry.shard(), 0L)
        && isOfTheLineBefore(server, entry.shard())) {
      return;
    }
    Digest digest = digest(entry);
    Digest known = committed.putIfAbsent(new Place(entry.shard(), entry.seq()), digest);
    if (known != null && !known.equals(digest)) {
      cluster
          .violation("server " + server.index + " commits another entry than was committed before: " + entry
              + ", known epoch " + known.epoch());
    }
  }

  /** It has not heard yet that the shard was begun again. */
  private boolean isOfTheLineBefore(SimServer server, int shard) {
    ClusterState known = server.number() == 0 ? null : server.node().stateInEffect();
    return known == null || known.row(shard).since() < begunAgain.getOrDefault(shard, 0L);
  }

  private static Digest digest(Entry entry) {
    byte[] bytes = Arrays.copyOfRange(entry.array(), entry.offset(), entry.offset() + entry.length());
    return new Digest(entry.epoch(), Arrays.hashCode(bytes));
  }

  /** A write of this shard was acknowledged by this server: all it has applied must survive. */
  void acknowledged(SimServer server, int shard) {
    if (server.number() == 0) {
      return;
    }
    long seq = server.storage().shard(shard).appliedSeq();
    if (seq > acknowledged.getOrDefault(shard, 0L)) {
      acknowledged.put(shard, seq);
      Digest digest = committed.get(new Place(shard, seq));
      if (digest != null) {
        acknowledgedEntry.put(shard, digest);
      }
      holders(cluster.ecs.state(), shard);
    }
  }

  void stateChanged(ClusterState before, ClusterState after, StateCommand command) {
    if (!(command instanceof StateCommand.Register)) {
      cluster.trace("v" + after.version(), null, brief(command));
    }
    for (int shard = 0; shard < after.shards(); shard++) {
      if (before.row(shard) == after.row(shard)) {
        continue;
      }
      Row row = after.row(shard);
      Row old = before.row(shard);
      cluster.trace("row", null, shard + " " + row);
      boolean changed = old.epoch() != row.epoch();
      if (!changed && !cluster.bugs.has(dss.core.planted.PlantedBug.WANT_KEEPS_EPOCH)) {
        cluster.violation("row of shard " + shard + " changed without a new epoch");
      }
      if (command instanceof StateCommand.Promote && !row.inSync().equals(old.inSync())) {
        cluster.violation("a Promote changed who is in sync for shard " + shard);
      }
      if (command instanceof StateCommand.Promote && cluster.profile.onlyEcsFails && cluster.founded()) {
        cluster.violation("a healthy primary of shard " + shard + " was replaced");
      }
      copiesWanted += row.wanted().stream().filter(s -> !old.wants(s)).count();
      boolean dropped = !row.inSync().containsAll(old.inSync())
          && old.inSync().stream().anyMatch(s -> row.wants(s) && !row.inSync(s));
      if (command instanceof StateCommand.SetInSync && dropped && cluster.profile.onlyEcsFails
          && cluster.founded()) {
        cluster.violation("a healthy copy of shard " + shard + " is in sync no more");
      }
      if (command instanceof StateCommand.Register register && isRepeat(before, register)) {
        cluster.violation("a Register that came twice changed shard " + shard);
      }
      cluster.faults.ambushes().leaves(old, row);
      cluster.faults.ambushes().dropped(old, row);
      if (row.primary() != old.primary()) {
        cluster.faults.ambushes().promoted(old, row);
      }
      if (row.lost() && !old.lost()) {
        lost(shard);
      }
      if (row.since() > old.since()) {
        begunAgain(shard, row.since());
      }
      holders(after, shard);
    }
  }

  /** Where nothing fails but the ECS, nobody looks dead to it. */
  void statuses(Controller controller, long nowMs) {
    if (!cluster.profile.onlyEcsFails || !cluster.founded()) {
      return;
    }
    for (ServerInfo server : cluster.ecs.state().servers()) {
      if (controller.status(server, nowMs) == ServerStatus.DOWN) {
        cluster.violation("healthy server " + server.number() + " looks dead to the ECS");
      }
    }
  }

  private static boolean isRepeat(ClusterState before, StateCommand.Register register) {
    ServerInfo known = before.serverById(register.id());
    return known != null && known.nonce() == register.nonce();
  }

  private static String brief(StateCommand command) {
    String text = command.toString();
    return text.length() > 160 ? text.substring(0, 160) + "..." : text;
  }

  /** Announced, never silent: what was acknowledged may be gone now. */
  private void lost(int shard) {
    acknowledged.remove(shard);
    acknowledgedEntry.remove(shard);
    lost.add(shard);
  }

  /** Given up, as a person has accepted: from here on everything counts again, in another line of entries. */
  private void begunAgain(int shard, long since) {
    begunAgain.put(shard, since);
    committed.keySet().removeIf(place -> place.shard() == shard);
    acknowledged.remove(shard);
    acknowledgedEntry.remove(shard);
  }

  /** Shards that were announced lost: of their keys nothing is promised. */
  final Set<Integer> lost = new HashSet<>();

  /** 4 and 6: each in inSync whose disk is the registered one has a complete copy with all that was acknowledged. */
  private void holders(ClusterState state, int shard) {
    Row row = state.row(shard);
    if (row.lost() || row.fresh()) {
      return;
    }
    for (int number : row.inSync()) {
      SimServer server = cluster.byNumber(number);
      ServerInfo info = state.server(number);
      if (server == null || info == null || server.disk.identity.diskId() != info.diskId()
          || server.disk.identity.boot() + 1 < info.boot() || isOlderImage(server, info)) {
        continue;
      }
      String fault = fault(server, shard);
      if (!fault.isEmpty()) {
        cluster.violation("server " + server.index + " is in sync for shard " + shard + " but " + fault);
      }
    }
  }

  /** An image of an earlier boot, put back while its start is not registered yet. */
  private static boolean isOlderImage(SimServer server, ServerInfo info) {
    return server.disk.identity.boot() < info.boot() && server.number() == 0;
  }

  private String fault(SimServer server, int shard) {
    SimStorage storage = server.alive() ? server.storage() : server.left();
    if (storage == null || server.disk.rotten) {
      return "";
    }
    SimShard copy = storage.simShard(shard);
    if (copy.mark() != Mark.COMPLETE) {
      return "its copy is " + copy.mark();
    }
    long seq = acknowledged.getOrDefault(shard, 0L);
    if (copy.durableSeq() < seq) {
      return "it has only " + copy.durableSeq() + " of " + seq + " on disk";
    }
    Digest digest = acknowledgedEntry.get(shard);
    Entry entry = seq > copy.baseSeq() && seq <= copy.lastSeq() ? copy.entry(seq) : null;
    if (digest != null && entry != null && !digest(entry).equals(digest)) {
      return "its entry " + seq + " is another one than was acknowledged";
    }
    return "";
  }

  /** Members have their share of copies and of primaries, to one shard; describes what is not so. */
  private static String uneven(ClusterState state) {
    Map<Integer, Integer> copies = new HashMap<>();
    Map<Integer, Integer> primaries = new HashMap<>();
    for (ServerInfo member : state.members()) {
      copies.put(member.number(), 0);
      primaries.put(member.number(), 0);
    }
    for (int shard = 0; shard < state.shards(); shard++) {
      Row row = state.row(shard);
      if (row.lost() || row.epoch() == 0) {
        return "";
      }
      row.wanted().forEach(server -> copies.merge(server, 1, Integer::sum));
      primaries.merge(row.primary(), 1, Integer::sum);
    }
    return isUneven(copies) || isUneven(primaries)
        ? "copies " + copies + " and primaries " + primaries + " are not spread evenly"
        : "";
  }

  private static boolean isUneven(Map<Integer, Integer> counts) {
    int all = counts.values().stream().mapToInt(n -> n).sum();
    int mean = counts.isEmpty() ? 0 : all / counts.size();
    return counts.values().stream()
        .anyMatch(n -> n < mean || n > mean + 1 || n > mean && all == mean * counts.size());
  }

  /** Keys lie where their slots belong, and a server that a row does not name has nothing of it. */
  private String misplaced(ClusterState state) {
    for (SimServer server : cluster.servers) {
      for (int shard = 0; server.number() != 0 && shard < state.shards(); shard++) {
        SimShard copy = server.storage().simShard(shard);
        if (!state.row(shard).names(server.number()) && !state.row(shard).lost()
            && copy.mark() != Mark.ABSENT) {
          return "server " + server.index + " has a copy of shard " + shard + " that is not wanted there";
        }
        for (Bytes key : copy.values().keySet()) {
          if (state.shardOf(Slots.of(key.slice(1, key.length()))) != shard) {
            return "server " + server.index + " has key " + key + " in shard " + shard;
          }
        }
      }
    }
    return "";
  }

  /** 8: some time after all faults have ended. Describes what is not well; empty when all is. */
  String unhealed() {
    ClusterState state = cluster.ecs.state();
    String where = uneven(state) + misplaced(state);
    if (!where.isEmpty()) {
      return where;
    }
    for (int shard = 0; shard < state.shards(); shard++) {
      Row row = state.row(shard);
      if (row.lost() || row.epoch() == 0) {
        continue;
      }
      if (row.wanted().isEmpty() || row.primary() != row.wanted().get(0)
          || row.inSync().size() != row.wanted().size()
          || !row.inSync().containsAll(row.wanted())) {
        return "shard " + shard + " is not as wanted: " + row;
      }
      SimServer primary = cluster.byNumber(row.primary());
      if (primary == null || primary.number() == 0 || !primary.node().status().couldRead(shard)) {
        return "shard " + shard + " is not served: " + row;
      }
      for (int number : row.inSync()) {
        SimServer server = cluster.byNumber(number);
        if (server == null || server.number() == 0) {
          return "shard " + shard + " wants a server that is away: " + row;
        }
        SimShard a = primary.storage().simShard(shard);
        SimShard b = server.storage().simShard(shard);
        if (a.appliedSeq() != b.appliedSeq() || !a.values().equals(b.values())) {
          return "copies of shard " + shard + " differ: " + a.appliedSeq() + " on " + primary.index + ", "
              + b.appliedSeq() + " on " + server.index;
        }
      }
    }
    return "";
  }
}
