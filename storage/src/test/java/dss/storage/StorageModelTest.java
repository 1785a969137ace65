package dss.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.entry.Effect;
import dss.core.entry.Entry;
import dss.core.storage.Mark;
import dss.core.storage.ShardStorage;
import dss.protocol.Bytes;
import dss.protocol.Slots;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random appends, cuts, applies, syncs, flushes, wipes and crashes against a naive model: one list of all entries ever
 * appended, of which a crash keeps a part from the front that is not shorter than what was reported durable.
 */
class StorageModelTest {
  private static final int USED = 4;
  private static final int STEPS = 400;
  /** For no set of keys, for those of one or two shards, for all. */
  private static final long[] KEY_SET_BYTES = {0, 512, 64 << 10};

  /** What one copy should be. */
  private static final class Copy {
    final List<Entry> log = new ArrayList<>();
    int applied;
    /** Entries of the global list before this index count no more. */
    int voidBefore;
    long epoch = 1;
    boolean complete;
  }

  @TempDir
  Path directory;

  private final SimulatedLogFiles disk = new SimulatedLogFiles();
  private final List<Entry> appended = new ArrayList<>();
  private final Map<Integer, Copy> copies = new HashMap<>();
  private Random random = new Random(0);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
      24})
  void anyRun_isWhatTheModelSays(long seed) {
    random = new Random(seed);
    for (int shard = 0; shard < USED; shard++) {
      copies.put(shard, new Copy());
    }
    for (int crash = 0; crash < 4; crash++) {
      var settings = Bench.SMALL.withRecentBytes(seed % 2 == 0 ? 0 : Bench.SMALL.memtableBytes())
          .withKeySetBytes(KEY_SET_BYTES[(int) seed % KEY_SET_BYTES.length]);
      try (var bench = new Bench(directory, settings, disk.process())) {
        recovered(bench);
        for (int step = 0; step < STEPS; step++) {
          bench.run(() -> step(bench));
          if (random.nextInt(100) == 0) {
            wipeOrMake(bench, random.nextInt(USED));
          }
        }
        compare(bench);
        crash(bench);
      }
    }
  }

  private Copy copy(int shard) {
    return copies.computeIfAbsent(shard, s -> new Copy());
  }

  private void step(Bench bench) {
    int shard = random.nextInt(USED);
    Copy copy = copy(shard);
    ShardStorage storage = bench.storage.shard(shard);
    switch (random.nextInt(12)) {
      case 0, 1, 2, 3, 4 -> append(bench, shard, copy);
      case 5 -> {
        if (copy.complete && random.nextInt(4) == 0 && storage.lastSeq() > storage.appliedSeq()) {
          long to = storage.appliedSeq() + random.nextInt((int) (storage.lastSeq() - storage.appliedSeq()));
          storage.cutAfter(to);
          copy.log.subList((int) to, copy.log.size()).clear();
          copy.epoch++;
          append(bench, shard, copy);
        }
      }
      case 6, 7 -> {
        if (bench.storage.syncsInFlight() < 3) {
          bench.storage.sync();
        }
      }
      case 8, 9, 10 -> {
        while (storage.appliedSeq() < storage.durableSeq() && random.nextInt(5) != 0) {
          storage.applyNext();
          copy.applied++;
        }
      }
      default -> {
        if (random.nextInt(10) == 0) {
          bench.storage.flush();
        }
      }
    }
    assertThat(storage.lastSeq()).isEqualTo(copy.log.size());
  }

  private void append(Bench bench, int shard, Copy copy) {
    if (!copy.complete) {
      return;
    }
    var effects = new ArrayList<Effect>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      Bytes key = Bench.key(shard, random.nextInt(30));
      int what = random.nextInt(60);
      if (what == 0) {
        effects.add(Effect.clear(shard * (Slots.COUNT / Bench.SHARDS)));
      } else if (what < 15) {
        effects.add(Bench.delete(key));
      } else {
        int length = random.nextInt(200) == 0 ? 40_000 : random.nextInt(1500);
        effects.add(Bench.put(key, random.nextInt() + "v".repeat(length)));
      }
    }
    long seq = bench.appendHere(shard, copy.epoch, effects);
    Entry entry = java.util.Objects.requireNonNull(bench.storage.shard(shard).entry(seq)).copy();
    copy.log.add(entry);
    appended.add(entry);
  }

  private void wipeOrMake(Bench bench, int shard) {
    Copy copy = new Copy();
    copy.voidBefore = appended.size();
    if (copy(shard).complete && random.nextBoolean()) {
      bench.done(durable -> bench.storage.shard(shard).wipe(durable));
    } else {
      bench.create(shard);
      copy.complete = true;
    }
    copies.put(shard, copy);
  }

  private void compare(Bench bench) {
    for (int shard = 0; shard < USED; shard++) {
      Copy copy = copy(shard);
      Map<Bytes, String> values = values(copy.log.subList(0, copy.applied));
      for (int i = 0; i < 30; i++) {
        Bytes key = Bench.key(shard, i);
        assertThat(bench.text(shard, key)).isEqualTo(values.get(key));
      }
      if (copy.complete) {
        assertThat(bench.count(shard)).isEqualTo(values.size());
      }
    }
    assertThat(bench.fatal).isEmpty();
  }

  private static Map<Bytes, String> values(List<Entry> entries) {
    var values = new HashMap<Bytes, String>();
    for (Entry entry : entries) {
      int at = entry.firstEffect();
      for (int i = 0; i < entry.effects(); i++) {
        Effect effect = Entry.effect(entry.array(), at);
        switch (effect.op()) {
          case Effect.PUT -> values.put(effect.key(), effect.value().asUtf8());
          case Effect.DELETE -> values.remove(effect.key());
          default -> values.clear();
        }
        at = entry.nextEffect(at);
      }
    }
    return values;
  }

  private int syncedAtCrash;

  private void crash(Bench bench) {
    bench.run(() -> {
      for (int i = appended.size(); i > syncedAtCrash; i--) {
        if (isDurable(bench, appended.get(i - 1))) {
          syncedAtCrash = i;
        }
      }
      disk.crash(random);
      bench.storage.close();
    });
  }

  private boolean isDurable(Bench bench, Entry entry) {
    Copy copy = copy(entry.shard());
    int seq = (int) entry.seq();
    return seq <= copy.log.size() && copy.log.get(seq - 1) == entry
        && seq <= bench.storage.shard(entry.shard()).durableSeq();
  }

  private record Recovered(long flushed, long last) {}

  /** Finds the part of what was appended that explains all shards, and goes on from it. */
  private void recovered(Bench bench) {
    var found = new HashMap<Integer, Recovered>();
    for (int shard = 0; shard < USED; shard++) {
      ShardStorage storage = bench.shard(shard);
      found.put(shard, bench.on(() -> new Recovered(storage.appliedSeq(), storage.lastSeq())));
      assertThat(bench.on(storage::mark)).isEqualTo(copy(shard).complete ? Mark.COMPLETE : Mark.ABSENT);
      assertThat(found.get(shard).flushed).isLessThanOrEqualTo(copy(shard).applied);
      assertThat(bench.on(storage::durableSeq)).isEqualTo(found.get(shard).last);
    }
    for (int count = appended.size(); count >= syncedAtCrash; count--) {
      if (explains(bench, found, count)) {
        appended.subList(count, appended.size()).clear();
        copies.values().forEach(copy -> copy.voidBefore = Math.min(copy.voidBefore, appended.size()));
        syncedAtCrash = count;
        compare(bench);
        return;
      }
    }
    throw new AssertionError("no part of what was appended explains what was recovered: " + found);
  }

  private boolean explains(Bench bench, Map<Integer, Recovered> found, int count) {
    var logs = new HashMap<Integer, List<Entry>>();
    for (int shard = 0; shard < USED; shard++) {
      Copy copy = copy(shard);
      int flushed = (int) java.util.Objects.requireNonNull(found.get(shard)).flushed;
      var log = new ArrayList<Entry>();
      for (int i = copy.voidBefore; i < count; i++) {
        Entry entry = appended.get(i);
        if (entry.shard() == shard && copy.complete) {
          log.subList(Math.min(log.size(), (int) entry.seq() - 1), log.size()).clear();
          log.add(entry);
        }
      }
      if (log.size() < flushed) {
        return false;
      }
      if (!same(bench, shard, log, java.util.Objects.requireNonNull(found.get(shard)))) {
        return false;
      }
      logs.put(shard, log);
    }
    logs.forEach((shard, log) -> {
      Copy copy = copy(shard);
      copy.log.clear();
      copy.log.addAll(log);
      copy.applied = (int) java.util.Objects.requireNonNull(found.get(shard)).flushed;
      copy.epoch += 10;
    });
    return true;
  }

  private static boolean same(Bench bench, int shard, List<Entry> log, Recovered found) {
    if (log.size() != found.last) {
      return false;
    }
    return bench.on(() -> {
      for (long seq = found.flushed + 1; seq <= found.last; seq++) {
        Entry is = java.util.Objects.requireNonNull(bench.storage.shard(shard).entry(seq));
        Entry expected = log.get((int) seq - 1);
        if (!Bytes.wrap(is.copy().array()).equals(Bytes.wrap(expected.array()))) {
          return false;
        }
      }
      return true;
    });
  }
}
