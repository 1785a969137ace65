package dss.jmh;

import dss.core.entry.Effect;
import dss.core.entry.Entry;
import dss.core.entry.EntryWriter;
import dss.core.storage.ServerIdentity;
import dss.core.storage.ShardStorage;
import dss.core.storage.Storage;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import dss.protocol.Slots;
import dss.storage.DiskStorage;
import dss.storage.StorageSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;

/**
 * A server's storage, whose loop is the thread that made it, with as many keys as asked for. It lies in memory where the
 * system has a place for that: what a disk adds is for {@code bench/compare.sh} to say.
 */
final class Store implements Storage.Listener, AutoCloseable {
  private static final int SHARDS = 1024;
  private static final int BATCH = 256;
  private static final int TURN = 64;
  private static final Path IN_MEMORY = Path.of("/dev/shm");

  private final LinkedBlockingQueue<Runnable> toRun = new LinkedBlockingQueue<>();
  private final EntryWriter writer = new EntryWriter();
  private final Path directory;
  private final DiskStorage storage;
  private final Bytes[] keys;
  private final int[] slots;
  private final int[] touched = new int[BATCH];
  private Value fetched = Value.COLD;
  private int open;
  private int reads;
  private long time;

  Store(int keys, StorageSettings settings) throws IOException {
    this.directory = Files.isWritable(IN_MEMORY)
        ? Files.createTempDirectory(IN_MEMORY, "dss-jmh")
        : Files.createTempDirectory("dss-jmh");
    this.storage = DiskStorage.open(directory, settings, toRun::add, this, fault -> {
      throw new IllegalStateException(fault);
    });
    this.keys = new Bytes[keys];
    this.slots = new int[keys];
    for (int i = 0; i < keys; i++) {
      this.keys[i] = Words.key(i);
      slots[i] = Slots.of(this.keys[i]);
    }
    begin();
  }

  private void begin() {
    ServerIdentity id = storage.identity();
    storage
        .saveIdentity(new ServerIdentity("c".repeat(32), SHARDS, id.serverId(), id.diskId(), 1, List.of()));
    open = SHARDS;
    for (int shard = 0; shard < SHARDS; shard++) {
      storage.shard(shard).createEmpty(() -> open--);
    }
    while (open > 0) {
      runOne();
    }
    for (int i = 0; i < keys.length; i++) {
      append(i);
      if (i % BATCH == BATCH - 1) {
        bringToDiskAndApply();
      }
    }
    bringToDiskAndApply();
    for (int i = 0; i < keys.length; i++) {
      if (getOrFetch(i) == Value.ABSENT) {
        throw new IllegalStateException(keys[i] + " is not there");
      }
    }
  }

  private void runOne() {
    try {
      toRun.take().run();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void runAll() {
    for (Runnable task = toRun.poll(); task != null; task = toRun.poll()) {
      task.run();
    }
  }

  private static int shard(int slot) {
    return slot / (Slots.COUNT / SHARDS);
  }

  int keys() {
    return keys.length;
  }

  /** Appends one SET; 256 at the most before they are applied. */
  void append(int key) {
    int shard = shard(slots[key]);
    ShardStorage at = storage.shard(shard);
    at.append(writer.write(Entry.COMMAND, shard, 1, at.lastSeq() + 1, ++time, null,
        List.of(Effect.putString(slots[key], keys[key], Words.VALUE, Effect.NEVER))));
    touched[open++] = shard;
  }

  /** One fsync for all that was appended, which is visible afterwards; waits where memory is full. */
  void bringToDiskAndApply() {
    storage.sync();
    while (storage.syncsInFlight() > 0 || !storage.acceptsWrites()) {
      runOne();
      apply();
    }
    apply();
    open = 0;
  }

  private void apply() {
    for (int i = 0; i < open; i++) {
      ShardStorage at = storage.shard(touched[i]);
      while (at.appliedSeq() < at.durableSeq()) {
        at.applyNext();
      }
    }
  }

  Value get(int key) {
    return storage.shard(shard(slots[key])).get(Effect.HEADER, slots[key], keys[key]);
  }

  /** As {@link #get}, from the store's files where it is not in memory; runs what the loop has to do now and then. */
  Value getOrFetch(int key) {
    if ((++reads & TURN - 1) == 0) {
      runAll();
    }
    Value value = get(key);
    if (value != Value.COLD) {
      return value;
    }
    fetched = Value.COLD;
    storage.shard(shard(slots[key])).warm(Effect.HEADER, slots[key], keys[key], () -> fetched = get(key));
    while (fetched == Value.COLD) {
      runOne();
    }
    return fetched;
  }

  @Override
  public void synced() {}

  @Override
  public void writable() {}

  @Override
  public void close() throws IOException {
    storage.close();
    try (Stream<Path> all = Files.walk(directory)) {
      all.sorted(Comparator.reverseOrder()).forEach(Store::delete);
    }
  }

  private static void delete(Path path) {
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
