package dss.server;

import dss.core.storage.Storage;
import java.util.List;
import java.util.function.LongConsumer;

/** Counts the keys of several shards. Loop only; the answer comes on the loop. */
final class KeyCount {
  private int open;
  private long total;
  private final LongConsumer done;

  private KeyCount(int open, LongConsumer done) {
    this.open = open;
    this.done = done;
  }

  static void of(Storage storage, List<Integer> shards, LongConsumer done) {
    if (shards.isEmpty()) {
      done.accept(0);
      return;
    }
    var count = new KeyCount(shards.size(), done);
    for (int shard : shards) {
      storage.shard(shard).countKeys(count::one);
    }
  }

  private void one(long keys) {
    total += keys;
    if (--open == 0) {
      done.accept(total);
    }
  }
}
