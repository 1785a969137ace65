package dss.storage;

import dss.core.entry.Effect;
import dss.core.entry.Entry;
import dss.core.entry.EntryWriter;
import dss.core.storage.ServerIdentity;
import dss.core.storage.ShardStorage;
import dss.core.storage.Storage;
import dss.protocol.Bytes;
import dss.protocol.Slots;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A process that writes until it is killed. What an entry holds follows from shard and seq alone, so that whoever opens
 * the directory afterwards can tell. Prints {@code shard seq} of what has become durable, {@code a shard seq} of what it
 * then applied, and {@code ready} at first.
 */
final class KillVictim implements Storage.Listener {
  static final int SHARDS = 4;
  private static final int KEYS = 50;

  private final ExecutorService loop = Executors.newSingleThreadExecutor();
  private final EntryWriter writer = new EntryWriter();
  private final Random random = new Random();
  private final PrintStream out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out),
      false,
      java.nio.charset.StandardCharsets.US_ASCII);
  private final long[] told = new long[SHARDS];
  private final DiskStorage storage;

  private KillVictim(Path directory) {
    storage = DiskStorage.open(directory, Bench.SMALL, loop, this, message -> {
      System.err.println(message);
      Runtime.getRuntime().halt(3);
    });
  }

  public static void main(String[] args) {
    var victim = new KillVictim(Path.of(args[0]));
    victim.loop.execute(victim::begin);
  }

  static Bytes key(int shard, long number) {
    return Bytes.utf8("{" + Bench.key(shard, 0).asUtf8() + "}" + number % KEYS);
  }

  /** The effects of every entry, from its place alone. */
  static List<Effect> effects(int shard, long seq) {
    var effects = new ArrayList<Effect>();
    Bytes first = key(shard, seq);
    if (seq % 7 == 0) {
      effects.add(Effect.deleteKey(Slots.of(first), first));
    } else {
      Bytes value = Bytes.utf8(shard + "/" + seq + "v".repeat((int) (seq * 37 % 700)));
      effects.add(Effect.putString(Slots.of(first), first, value, Effect.NEVER));
    }
    Bytes second = key(shard, seq * 31 + 3);
    effects.add(Effect.putString(Slots.of(second), second, Bytes.utf8("second " + seq), Effect.NEVER));
    return effects;
  }

  static Entry entry(EntryWriter writer, int shard, long seq) {
    return writer.write(Entry.COMMAND, shard, 1 + seq / 100, seq, seq, null, effects(shard, seq));
  }

  private void begin() {
    ServerIdentity id = storage.identity();
    if (id.shards() == 0) {
      storage.saveIdentity(
          new ServerIdentity("c".repeat(32), Bench.SHARDS, id.serverId(), id.diskId(), 1, List.of()));
    }
    for (int shard = 0; shard < SHARDS; shard++) {
      ShardStorage s = storage.shard(shard);
      if (s.mark() == dss.core.storage.Mark.ABSENT) {
        s.createEmpty(() -> {});
      } else {
        applyDurable(shard);
      }
    }
    out.println("ready");
    out.flush();
    turn();
  }

  private void turn() {
    for (int i = random.nextInt(20); i >= 0; i--) {
      int shard = random.nextInt(SHARDS);
      ShardStorage s = storage.shard(shard);
      if (s.mark() == dss.core.storage.Mark.COMPLETE && storage.acceptsWrites()) {
        s.append(entry(writer, shard, s.lastSeq() + 1));
      }
    }
    if (storage.syncsInFlight() < 3) {
      storage.sync();
    }
    if (random.nextInt(500) == 0) {
      storage.flush();
    }
    loop.execute(this::turn);
  }

  private void applyDurable(int shard) {
    ShardStorage s = storage.shard(shard);
    while (s.appliedSeq() < s.durableSeq()) {
      s.applyNext();
    }
  }

  @Override
  public void synced() {
    for (int shard = 0; shard < SHARDS; shard++) {
      long durable = storage.shard(shard).durableSeq();
      if (durable > told[shard]) {
        told[shard] = durable;
        out.println(shard + " " + durable);
        applyDurable(shard);
      }
    }
    out.flush();
  }

  @Override
  public void writable() {}
}
