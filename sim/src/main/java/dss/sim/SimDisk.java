package dss.sim;

import dss.core.storage.Mark;
import dss.core.storage.ServerIdentity;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import java.util.HashMap;
import java.util.Map;

/** What of a server survives its process: identity, the files of its log, and for each shard what was flushed. */
final class SimDisk {
  /** A shard's record and flushed content. */
  static final class Flushed {
    Mark mark = Mark.ABSENT;
    long copyId;
    long epoch;
    long seq;
    long time;
    long voidBefore;
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
  final SimFiles files;
  /** Up to this position of the log a synced block says that it is on the disk. */
  long attested;
  /** Something on it is not what was written: whoever finds that puts the disk aside. */
  boolean rotten;
  /** The store finds it by its checksums. */
  boolean storeRotten;
  int starts;
  final Map<Integer, Flushed> shards = new HashMap<>();

  SimDisk(ServerIdentity identity) {
    this(identity, new SimFiles());
  }

  private SimDisk(ServerIdentity identity, SimFiles files) {
    this.identity = identity;
    this.files = files;
  }

  Flushed flushed(int shard) {
    return shards.computeIfAbsent(shard, s -> new Flushed());
  }

  /** The process died: of what was not synced a part may be there all the same. */
  void crash(Scheduler scheduler, Effects effects) {
    files.crash(scheduler, effects);
  }

  /** An image of this disk, as a backup tool would make it. */
  SimDisk image() {
    var image = new SimDisk(identity, files.image());
    image.attested = attested;
    image.rotten = rotten;
    image.storeRotten = storeRotten;
    image.starts = starts;
    shards.forEach((shard, flushed) -> image.shards.put(shard, flushed.copy()));
    return image;
  }

  /** A byte changes that a start must miss, of the log or of the store; whether there was such a byte. */
  boolean rot(Draws draws) {
    storeRotten |= draws.chance(0.2);
    boolean rots = storeRotten || files.rot(draws, attested);
    rotten |= rots;
    return rots;
  }
}
