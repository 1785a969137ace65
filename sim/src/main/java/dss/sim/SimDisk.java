package dss.sim;

import dss.core.entry.Entry;
import dss.core.storage.Mark;
import dss.core.storage.ServerIdentity;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What of a server survives its process: identity, one log, and for each shard what was flushed. */
final class SimDisk {
  /** An entry in the log; those before {@code voidBefore} of their shard count no more. */
  record Logged(Entry entry) {}

  /** A shard's record and flushed content. */
  static final class Flushed {
    Mark mark = Mark.ABSENT;
    long copyId;
    long epoch;
    long seq;
    long time;
    int voidBefore;
    Map<Bytes, Value> values = new HashMap<>();

    Flushed copy() {
      var copy = new Flushed();
      copy.mark = mark;
      copy.copyId = copyId;
      copy.epoch = epoch;
      copy.seq = seq;
      copy.time = time;
      copy.voidBefore = voidBefore;
      copy.values = new HashMap<>(values);
      return copy;
    }
  }

  ServerIdentity identity;
  List<Logged> log = new ArrayList<>();
  int synced;
  Map<Integer, Flushed> shards = new HashMap<>();

  SimDisk(ServerIdentity identity) {
    this.identity = identity;
  }

  Flushed flushed(int shard) {
    return shards.computeIfAbsent(shard, s -> new Flushed());
  }

  /** The process died: of what was not synced a part, from the front, may be there all the same. */
  void crash(Scheduler scheduler) {
    int kept = synced + (int) scheduler.between(0, log.size() - synced);
    log = new ArrayList<>(log.subList(0, kept));
    synced = kept;
  }

  /** An image of this disk, as a backup tool would make it. */
  SimDisk image() {
    var image = new SimDisk(identity);
    image.log = new ArrayList<>(log.subList(0, synced));
    image.synced = synced;
    shards.forEach((shard, flushed) -> image.shards.put(shard, flushed.copy()));
    return image;
  }
}
