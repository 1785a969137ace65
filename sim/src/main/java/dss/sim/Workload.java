package dss.sim;

import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.Slots;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What clients ask for: counters, strings, strings that live for a while, groups of keys in one slot. */
final class Workload {
  private static final Op.Kind[] ON_STRINGS = {Op.Kind.SET, Op.Kind.SET, Op.Kind.APPEND, Op.Kind.DEL,
      Op.Kind.SETNX, Op.Kind.SET_IF};
  private static final Op.Kind[] ON_MORTALS = {Op.Kind.SET_PX, Op.Kind.SET_PX, Op.Kind.SET_PX, Op.Kind.SETNX,
      Op.Kind.DEL, Op.Kind.PERSIST, Op.Kind.APPEND, Op.Kind.SET};
  private static final Op.Kind[] ON_GROUPS = {Op.Kind.MSET, Op.Kind.MSET, Op.Kind.SET_ONE, Op.Kind.DEL_ALL};
  private static final int BATCH_AT_MOST = 5;
  /** In the last slot of a shard, where there are two or four. */
  private static final String LAST_OF_A_SHARD = IntStream.iterate(0, i -> i + 1).mapToObj(i -> "last" + i)
      .filter(key -> Slots.of(Bytes.utf8(key)) == Slots.COUNT / 2 - 1).findFirst().orElseThrow();

  private final Cluster cluster;
  private final int client;
  private long made;

  Workload(Cluster cluster, int client) {
    this.cluster = cluster;
    this.client = client;
  }

  /** What a client sends at once: mostly one operation. */
  List<Op> next() {
    Scheduler s = cluster.scheduler;
    var batch = new ArrayList<Op>();
    batch.add(draw(key()));
    if (s.chance(cluster.profile.pipelining)) {
      String same = batch.get(0).key;
      for (long more = s.between(1, BATCH_AT_MOST - 1); more > 0; more--) {
        Op op = draw(s.chance(0.6) ? same : key());
        batch.reversed().stream().filter(o -> o.key.equals(op.key)).findFirst().ifPresent(o -> op.before = o);
        batch.add(op);
      }
    }
    return batch;
  }

  private String key() {
    Profile p = cluster.profile;
    int drawn = (int) cluster.scheduler.between(0, p.keys + p.mortals + p.groups - 1);
    if (drawn < p.keys) {
      return drawn == 0 ? "count" : drawn == 1 ? LAST_OF_A_SHARD : "key" + drawn;
    }
    drawn -= p.keys;
    return drawn < p.mortals ? "mortal" + drawn : "{group" + (drawn - p.mortals) + "}";
  }

  private Op draw(String key) {
    boolean read = cluster.scheduler.chance(0.4);
    return switch (key.charAt(0)) {
      case 'c' -> op(read ? Op.Kind.GET : cluster.scheduler.chance(0.9) ? Op.Kind.INCR : Op.Kind.DEL, key);
      case 'm' -> op(read ? Op.Kind.GET : one(ON_MORTALS), key);
      case '{' -> op(read ? Op.Kind.MGET : one(ON_GROUPS), key);
      default -> op(read ? Op.Kind.GET : one(ON_STRINGS), key);
    };
  }

  private Op.Kind one(Op.Kind[] kinds) {
    return kinds[(int) cluster.scheduler.between(0, kinds.length - 1)];
  }

  private Op op(Op.Kind kind, String key) {
    Scheduler s = cluster.scheduler;
    String argument = switch (kind) {
      case GET, DEL, INCR, PERSIST, MGET, DEL_ALL, EXPIRED -> "";
      case SET, APPEND, SETNX, SET_IF, SET_PX, MSET, SET_ONE -> client + "." + ++made + ";";
    };
    String expected = switch (kind) {
      case SET_IF -> lastSeen(key);
      case SET_PX -> Long.toString(s.between(20, 800));
      case SET_ONE -> Long.toString(s.between(0, KeyModel.GROUP - 1));
      default -> "";
    };
    return new Op(client, kind, key, argument, expected, s.now());
  }

  private String lastSeen(String key) {
    for (Op op : cluster.history.of(key).reversed()) {
      if (op.client == client && op.kind == Op.Kind.GET && op.reply instanceof Reply.Bulk bulk) {
        return bulk.bytes().asUtf8();
      }
      if (op.client == client && op.kind == Op.Kind.SET) {
        return op.argument;
      }
    }
    return "none";
  }
}
