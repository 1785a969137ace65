package dss.storage;

import dss.core.binary.BinaryReader;
import dss.core.binary.BinaryWriter;
import dss.core.storage.Mark;

/**
 * A shard's own record in the store: what its copy is worth and up to where the store has it. In the store:
 * {@code version:1 | mark:1 | copy id:8 | epoch:varint | seq:varint | time:varint | voidBefore:varint | keys:varint}.
 *
 * @param epoch of the entry at {@code seq}
 * @param seq flushed position: effects up to it, and none behind it, are in the store
 * @param time hybrid time of that entry, microseconds
 * @param voidBefore log position; entries of the shard before it count no more
 * @param keys keys (headers) of the shard in the store
 */
record ShardRecord(Mark mark, long copyId, long epoch, long seq, long time, long voidBefore, long keys) {
  static final int VERSION = 1;
  static final ShardRecord NONE = new ShardRecord(Mark.ABSENT, 0, 0, 0, 0, 0, 0);

  byte[] encode() {
    return new BinaryWriter().u8(VERSION).u8(code(mark)).fixed64(copyId).varint(epoch).varint(seq)
        .varint(time)
        .varint(voidBefore).varint(keys).toArray();
  }

  static ShardRecord decode(int shard, byte[] bytes) {
    var in = new BinaryReader(bytes);
    try {
      int version = in.u8();
      if (version != VERSION) {
        throw new StorageException("the record of shard " + shard + " has format " + version
            + ", this program reads format " + VERSION + ": start a newer program");
      }
      return new ShardRecord(mark(in.u8()), in.fixed64(), in.varint(), in.varint(), in.varint(), in.varint(),
          in.varint());
    } catch (BinaryReader.MalformedException e) {
      throw new StorageException(
          "the record of shard " + shard + " in the store is damaged (" + e.getMessage()
              + "): put the directory aside and start with an empty one, the other copies fill it",
          e);
    }
  }

  private static int code(Mark mark) {
    return switch (mark) {
      case ABSENT -> 0;
      case COPYING -> 1;
      case COMPLETE -> 2;
    };
  }

  private static Mark mark(int code) {
    return switch (code) {
      case 0 -> Mark.ABSENT;
      case 1 -> Mark.COPYING;
      case 2 -> Mark.COMPLETE;
      default -> throw new BinaryReader.MalformedException("mark " + code);
    };
  }

  ShardRecord flushed(long newEpoch, long newSeq, long newTime, long newKeys) {
    return new ShardRecord(mark, copyId, newEpoch, newSeq, newTime, voidBefore, newKeys);
  }
}
