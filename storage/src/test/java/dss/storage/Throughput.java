package dss.storage;

import dss.core.entry.Effect;
import dss.core.entry.Entry;
import dss.core.entry.EntryWriter;
import dss.core.storage.Mark;
import dss.core.storage.ServerIdentity;
import dss.core.storage.ShardStorage;
import dss.core.storage.Storage;
import dss.protocol.Bytes;
import dss.protocol.Slots;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * How fast one server's storage takes SETs of 100 bytes: {@code Throughput directory [batch seconds keys shards]}. One
 * batch in flight; the time on the loop is measured apart from the waiting.
 */
final class Throughput implements Storage.Listener {
  private static final long MILLION = 1_000_000;
  /** Not counted: until then it runs what is not compiled yet. */
  private static final long WARM_UP_NANOS = 4_000 * MILLION;

  private final ExecutorService loop = Executors.newSingleThreadExecutor();
  private final EntryWriter writer = new EntryWriter();
  private final SplittableRandom random = new SplittableRandom(1);
  private final int batch;
  private final long seconds;
  private final int keys;
  private final int shards;
  private final int[] touched;
  private final int[] slots;
  private final Bytes[] picked;
  private final DiskStorage storage;
  private final Bytes value = Bytes.wrap(new byte[100]);
  private Bytes[] names = new Bytes[0];
  private long began;
  private long entries;
  private long appendNanos;
  private long applyNanos;
  private long reported;
  private long reportedEntries;
  private long time;
  private long cpuBegan;
  private boolean warm;
  private int made;

  private Throughput(Path directory, int batch, int seconds, int keys, int shards) {
    this.batch = batch;
    this.seconds = seconds;
    this.keys = keys;
    this.shards = shards;
    this.touched = new int[batch];
    this.slots = new int[batch];
    this.picked = new Bytes[batch];
    this.storage = DiskStorage.open(directory, StorageSettings.defaults(), loop, this, message -> {
      System.err.println(message);
      Runtime.getRuntime().halt(3);
    });
  }

  public static void main(String[] args) {
    var run = new Throughput(Path.of(args[0]), number(args, 1, 16), number(args, 2, 10),
        number(args, 3, 1_000_000),
        number(args, 4, 1024));
    run.loop.execute(run::begin);
  }

  private static int number(String[] args, int at, int otherwise) {
    return args.length > at ? Integer.parseInt(args[at]) : otherwise;
  }

  private void begin() {
    names = new Bytes[keys];
    for (int i = 0; i < keys; i++) {
      names[i] = Bytes.utf8("key:" + i);
    }
    ServerIdentity id = storage.identity();
    if (id.shards() == 0) {
      storage
          .saveIdentity(new ServerIdentity("c".repeat(32), shards, id.serverId(), id.diskId(), 1, List.of()));
    }
    for (int shard = 0; shard < shards; shard++) {
      if (storage.shard(shard).mark() == Mark.COMPLETE) {
        made();
      } else {
        storage.shard(shard).createEmpty(this::made);
      }
    }
  }

  private void made() {
    if (++made == shards) {
      began = System.nanoTime();
      reported = began;
      turn();
    }
  }

  private void turn() {
    if (!storage.acceptsWrites()) {
      return;
    }
    for (int i = 0; i < batch; i++) {
      picked[i] = names[random.nextInt(keys)];
      slots[i] = Slots.of(picked[i]);
      touched[i] = slots[i] / (Slots.COUNT / shards);
    }
    long from = System.nanoTime();
    for (int i = 0; i < batch; i++) {
      ShardStorage s = storage.shard(touched[i]);
      s.append(writer.write(Entry.COMMAND, touched[i], 1, s.lastSeq() + 1, ++time, null,
          List.of(Effect.putString(slots[i], picked[i], value, Effect.NEVER))));
    }
    storage.sync();
    appendNanos += System.nanoTime() - from;
  }

  @Override
  public void synced() {
    long from = System.nanoTime();
    for (int shard : touched) {
      ShardStorage s = storage.shard(shard);
      while (s.appliedSeq() < s.durableSeq()) {
        s.applyNext();
      }
    }
    long now = System.nanoTime();
    applyNanos += now - from;
    entries += batch;
    if (!warm && now - began > WARM_UP_NANOS) {
      warm = true;
      began = now;
      entries = 0;
      reportedEntries = 0;
      reported = now;
      appendNanos = 0;
      applyNanos = 0;
      cpuBegan = cpuNanos();
    }
    if (now - reported > 1000 * MILLION) {
      System.out.printf("%d entries/s, %s%n", (entries - reportedEntries) * 1000 * MILLION / (now - reported),
          storage.stats());
      reported = now;
      reportedEntries = entries;
    }
    if (warm && now - began > seconds * 1000 * MILLION) {
      end(now);
    } else {
      turn();
    }
  }

  @Override
  public void writable() {
    turn();
  }

  private static long cpuNanos() {
    return java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private void end(long now) {
    System.out.printf(
        "batch %d: %d entries/s, on the loop per entry: encode and append %d ns, apply %d ns,"
            + " CPU of the loop in all %d ns%n",
        batch,
        entries * 1000 * MILLION / (now - began), appendNanos / entries,
        applyNanos / entries, (cpuNanos() - cpuBegan) / entries);
    System.out.println(storage.stats());
    storage.close();
    loop.shutdown();
  }
}
