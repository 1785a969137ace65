package dss.storage;

import dss.protocol.Slots;

/** The slots of one shard: {@code first} and the {@code count} that follow. */
record ShardRange(int shard, int first, int count) {
  static ShardRange of(int shard, int shards) {
    int count = Slots.COUNT / shards;
    return new ShardRange(shard, shard * count, count);
  }

  byte[] from() {
    return StoreKey.ofSlot(first);
  }

  /** Above every key of the shard. */
  byte[] to() {
    return StoreKey.ofSlot(first + count);
  }

  byte[] recordKey() {
    return StoreKey.record(first);
  }

  boolean has(int slot) {
    return slot >= first && slot < first + count;
  }
}
