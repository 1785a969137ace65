package dss.storage;

import dss.core.entry.KeyHash;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** What one copy tells of what is applied: from the memtable, from memory over the store, or from the store. Loop only. */
final class ShardReads {
  private final DiskStorage storage;
  private final Log log;
  private final DiskShard shard;
  private final Unflushed unflushed;

  ShardReads(DiskStorage storage, Log log, DiskShard shard, Unflushed unflushed) {
    this.storage = storage;
    this.log = log;
    this.shard = shard;
    this.unflushed = unflushed;
  }

  Value get(int kind, int slot, Bytes key) {
    int hash = KeyHash.of(key);
    Value value = inMemtable(kind, slot, hash, key);
    if (value != Unflushed.NOT_HERE) {
      return value;
    }
    Value read = storage.warmed().get(shard.shard(), kind, hash, key);
    if (read == null) {
      read = fromMemory(kind, slot, hash, key);
    }
    return read == null ? Value.COLD : read;
  }

  /** What the store knows without the disk; null where it does not. */
  private @Nullable Value fromMemory(int kind, int slot, int hash, Bytes key) {
    var stored = storage.isClosed() ? null : storage.store().getFromMemory(StoreKey.of(kind, slot, key));
    if (stored == null) {
      return null;
    }
    Value value = stored.isPresent() ? StoreValue.read(kind, stored.get()) : Value.ABSENT;
    storage.warmed().offer(shard.shard(), kind, hash, key, value);
    return value;
  }

  /** What is known without the store, {@link Unflushed#NOT_HERE} where it must be asked. */
  private Value inMemtable(int kind, int slot, int hash, Bytes key) {
    Value value = unflushed.get(kind, slot, hash, key);
    return value == Unflushed.NOT_HERE && shard.flushedSeq() == 0 ? Value.ABSENT : value;
  }

  /** A value was read from the store while nothing but {@code flushesThen} flushes had come to it. */
  boolean warmed(int kind, int slot, Bytes key, Value value, int ofLife, long flushedThen) {
    if (ofLife != shard.life()) {
      return true;
    }
    if (shard.flushedSeq() != flushedThen) {
      return false;
    }
    int hash = KeyHash.of(key);
    if (inMemtable(kind, slot, hash, key) == Unflushed.NOT_HERE) {
      storage.warmed().put(shard.shard(), kind, hash, key, value);
    }
    return true;
  }

  void countKeys(LongConsumer done) {
    onSnapshot(snapshot -> snapshot.countKeys(storage.flusher()), 0L, done::accept);
  }

  void keysInSlot(int slot, int limit, Consumer<List<Bytes>> done) {
    onSnapshot(snapshot -> snapshot.keysInSlot(storage.flusher(), slot, limit), List.of(), done);
  }

  private interface Reading<T> {
    T of(ShardSnapshot snapshot) throws RocksDBException;
  }

  /**
   * Reads what there is now on the flusher's thread, and brings the result to the loop.
   *
   * @param ofNothing the answer where the copy was dropped meanwhile: somebody waits for one
   */
  private <T> void onSnapshot(Reading<T> read, T ofNothing, Consumer<T> done) {
    int ofLife = shard.life();
    ShardSnapshot snapshot = unflushed.snapshot(shard.shard());
    log.viewers().begin();
    storage.flusher().execute(() -> {
      T result = read.of(snapshot);
      storage.onLoop(() -> {
        log.viewers().end();
        done.accept(ofLife == shard.life() ? result : ofNothing);
      });
    });
  }
}
