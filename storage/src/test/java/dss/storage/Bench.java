package dss.storage;

import dss.core.entry.Effect;
import dss.core.entry.Entry;
import dss.core.entry.EntryWriter;
import dss.core.entry.RequestId;
import dss.core.storage.CopyReader;
import dss.core.storage.Mark;
import dss.core.storage.ServerIdentity;
import dss.core.storage.ShardStorage;
import dss.core.storage.Storage;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import dss.protocol.Slots;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A storage with a loop of its own, driven from a test's thread, call by call. */
final class Bench implements AutoCloseable, Storage.Listener {
  static final int SHARDS = 16;
  static final StorageSettings SMALL = new StorageSettings(64 << 10, 512 << 10, 0, 4 << 20, 1 << 20, 64 << 10,
      1 << 30,
      0,
      0, 1);
  private static final long BOUND_SECONDS = 30;

  final ExecutorService loop = Executors.newSingleThreadExecutor(Thread.ofPlatform().name("loop").factory());
  final AtomicInteger synced = new AtomicInteger();
  final AtomicInteger writable = new AtomicInteger();
  final List<String> fatal = java.util.Collections.synchronizedList(new ArrayList<>());
  final DiskStorage storage;
  private final EntryWriter writer = new EntryWriter();

  Bench(Path directory) {
    this(directory, SMALL);
  }

  Bench(Path directory, StorageSettings settings) {
    this(directory, settings, null);
  }

  Bench(Path directory, StorageSettings settings, @Nullable LogFiles files) {
    try {
      storage = files == null
          ? DiskStorage.open(directory, settings, loop, this, fatal::add)
          : DiskStorage.open(DataDirectory.open(directory), files, settings, loop, this, fatal::add);
    } catch (RuntimeException | java.io.IOException e) {
      loop.shutdown();
      throw e instanceof RuntimeException r ? r : new IllegalStateException(e);
    }
    if (storage.identity().shards() == 0) {
      on(() -> {
        ServerIdentity id = storage.identity();
        storage.saveIdentity(
            new ServerIdentity("c".repeat(32), SHARDS, id.serverId(), id.diskId(), 1, List.of()));
        return 0;
      });
    }
  }

  @Override
  public void synced() {
    synced.incrementAndGet();
  }

  @Override
  public void writable() {
    writable.incrementAndGet();
  }

  // ---- the loop

  <T> T on(Supplier<T> call) {
    return await(CompletableFuture.supplyAsync(call, loop));
  }

  void run(Runnable call) {
    await(CompletableFuture.runAsync(call, loop));
  }

  static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(BOUND_SECONDS, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new AssertionError(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("not within " + BOUND_SECONDS + " s", e);
    }
  }

  /** Calls on the loop what takes a callback, and waits for that. */
  void done(Consumer<Runnable> call) {
    var called = new CompletableFuture<Boolean>();
    run(() -> call.accept(() -> called.complete(true)));
    await(called);
  }

  static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(BOUND_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("never: " + what);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  // ---- shards

  ShardStorage shard(int shard) {
    return on(() -> storage.shard(shard));
  }

  /** On the loop. */
  ShardStorage shardHere(int shard) {
    return storage.shard(shard);
  }

  void create(int shard) {
    done(durable -> storage.shard(shard).createEmpty(durable));
  }

  /** A key of that shard. */
  static Bytes key(int shard, int number) {
    for (int i = 0;; i++) {
      Bytes key = Bytes.utf8("key-" + number + "-" + i);
      if (Slots.of(key) / (Slots.COUNT / SHARDS) == shard) {
        return key;
      }
    }
  }

  static Effect put(Bytes key, String value) {
    return Effect.putString(Slots.of(key), key, Bytes.utf8(value), Effect.NEVER);
  }

  static Effect delete(Bytes key) {
    return Effect.deleteKey(Slots.of(key), key);
  }

  /** On the loop: appends an entry at the end of the shard's log. */
  long appendHere(int shard, long epoch, List<Effect> effects) {
    return appendHere(shard, epoch, null, effects);
  }

  long appendHere(int shard, long epoch, @Nullable RequestId id, List<Effect> effects) {
    return appendHere(shard, epoch, 1_000_001 + storage.shard(shard).lastSeq(), id, effects);
  }

  long appendHere(int shard, long epoch, long time, @Nullable RequestId id, List<Effect> effects) {
    ShardStorage s = storage.shard(shard);
    long seq = s.lastSeq() + 1;
    s.append(writer.write(Entry.COMMAND, shard, epoch, seq, time, id, effects));
    return seq;
  }

  long append(int shard, long epoch, Effect... effects) {
    return on(() -> appendHere(shard, epoch, List.of(effects)));
  }

  /** Syncs, and waits until it is durable. */
  void sync() {
    run(storage::sync);
    until("synced", () -> on(() -> storage.syncsInFlight() == 0));
  }

  void applyAll(int shard) {
    run(() -> {
      ShardStorage s = storage.shard(shard);
      while (s.appliedSeq() < s.durableSeq()) {
        s.applyNext();
      }
    });
  }

  /** Appends, syncs and applies. */
  void write(int shard, Effect... effects) {
    append(shard, 1, effects);
    sync();
    applyAll(shard);
  }

  void flush() {
    until("no flush", () -> on(() -> !storage.memtable().flushing()));
    long before = on(() -> storage.stats().flushes());
    run(storage::flush);
    until("flushed", () -> on(() -> storage.stats().flushes() > before));
  }

  Value get(int shard, Bytes key) {
    return get(shard, Effect.HEADER, Slots.of(key), key);
  }

  Value get(int shard, int kind, int slot, Bytes key) {
    Value value = on(() -> storage.shard(shard).get(kind, slot, key));
    if (value != Value.COLD) {
      return value;
    }
    var read = new CompletableFuture<Value>();
    run(() -> storage.shard(shard).warm(kind, slot, key,
        () -> read.complete(storage.shard(shard).get(kind, slot, key))));
    return await(read);
  }

  @Nullable
  String text(int shard, Bytes key) {
    Value value = get(shard, key);
    return value == Value.ABSENT ? null : value.bytes().asUtf8();
  }

  long count(int shard) {
    var counted = new CompletableFuture<Long>();
    run(() -> storage.shard(shard).countKeys(counted::complete));
    return await(counted);
  }

  CopyReader openCopy(int shard) {
    var opened = new CompletableFuture<CopyReader>();
    run(() -> storage.shard(shard).openCopy(opened::complete));
    return await(opened);
  }

  List<byte[]> chunks(CopyReader reader) {
    var chunks = new ArrayList<byte[]>();
    while (true) {
      var next = new CompletableFuture<Optional<byte[]>>();
      run(() -> reader.next(chunk -> next.complete(Optional.ofNullable(chunk))));
      Optional<byte[]> chunk = await(next);
      if (chunk.isEmpty()) {
        run(reader::close);
        return chunks;
      }
      chunks.add(chunk.get());
    }
  }

  /** Takes a whole copy in. */
  void takeCopy(int shard, long copyId, CopyReader from, List<byte[]> chunks) {
    run(() -> storage.shard(shard).beginCopy(copyId));
    for (byte[] chunk : chunks) {
      done(taken -> storage.shard(shard).copyChunk(chunk, taken));
    }
    done(durable -> storage.shard(shard).finishCopy(from.epoch(), from.seq(), from.time(), durable));
    if (on(() -> storage.shard(shard).mark()) != Mark.COMPLETE) {
      throw new AssertionError("not complete");
    }
  }

  @Override
  public void close() {
    run(storage::close);
    loop.shutdown();
  }
}
