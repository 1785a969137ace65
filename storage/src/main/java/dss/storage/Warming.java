package dss.storage;

import dss.core.storage.Value;
import dss.protocol.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Fetches cold keys, each once however many wait for it. Loop only; reads on a reader's thread. */
final class Warming {
  private record Cold(int shard, int life, int kind, int slot, Bytes key) {}

  private final DiskStorage storage;
  private final Map<Cold, List<Runnable>> waiting = new HashMap<>();

  Warming(DiskStorage storage) {
    this.storage = storage;
  }

  void warm(DiskShard shard, int kind, int slot, Bytes key, Runnable done) {
    var cold = new Cold(shard.shard(), shard.life(), kind, slot, key.compact());
    List<Runnable> others = waiting.get(cold);
    if (others != null) {
      others.add(done);
      return;
    }
    var callbacks = new ArrayList<Runnable>(1);
    callbacks.add(done);
    waiting.put(cold, callbacks);
    read(shard, cold);
  }

  private void read(DiskShard shard, Cold cold) {
    long flushed = shard.flushedSeq();
    storage.read("reading the store", () -> {
      byte[] stored = storage.store().get(StoreKey.of(cold.kind, cold.slot, cold.key));
      storage.counters().reads.increment();
      Value value = stored == null ? Value.ABSENT : StoreValue.read(cold.kind, stored);
      storage.onLoop(() -> arrived(shard, cold, value, flushed));
    });
  }

  private void arrived(DiskShard shard, Cold cold, Value value, long flushed) {
    if (!shard.reads().warmed(cold.kind, cold.slot, cold.key, value, cold.life, flushed)) {
      // A flush came in between: what was read may be older than what it brought.
      read(shard, cold);
      return;
    }
    List<Runnable> callbacks = waiting.remove(cold);
    if (callbacks != null && shard.life() == cold.life) {
      callbacks.forEach(Runnable::run);
    }
  }
}
