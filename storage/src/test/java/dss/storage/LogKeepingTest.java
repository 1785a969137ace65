package dss.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.entry.Entry;
import dss.core.storage.ShardStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of the log stays, in memory and as files, what is used again, and what a failing disk does. */
class LogKeepingTest {
  @TempDir
  Path directory;

  private static void fill(Bench bench, int shard, int entries) {
    String value = "v".repeat(4000);
    for (int i = 0; i < entries; i++) {
      int number = i;
      bench.run(() -> bench.appendHere(shard, 1,
          List.of(Bench.put(Bench.key(shard, number % 20), value + number))));
      if (i % 10 == 9) {
        bench.sync();
        bench.applyAll(shard);
      }
    }
    bench.sync();
    bench.applyAll(shard);
  }

  @Test
  void flushedSegments_leaveMemoryAndDisk_andAreUsedAgain() {
    try (var bench = new Bench(directory)) {
      bench.create(3);
      fill(bench, 3, 600);
      bench.flush();
      Bench.until("few segments", () -> {
        StorageStats stats = bench.on(bench.storage::stats);
        return stats.logSegmentsLive() <= 3 && stats.memtableBytes() <= 3 * (64 << 10);
      });
      assertThat(bench.on(bench.storage::stats).logSegmentsRecycled()).isPositive();
      assertThat(bench.on(() -> bench.shardHere(3).baseSeq())).isGreaterThan(500);
    }
  }

  @Test
  void whatACopyNeeds_staysAsAFile_andIsFetched() {
    try (var bench = new Bench(directory)) {
      bench.create(3);
      bench.run(() -> bench.shardHere(3).retainAfter(5));
      fill(bench, 3, 300);
      bench.flush();
      assertThat(bench.on(() -> bench.shardHere(3).baseSeq())).isLessThanOrEqualTo(5);
      assertThat(bench.on(() -> java.util.Optional.ofNullable(bench.shardHere(3).entry(6)))).isEmpty();
      long seq = 6;
      while (seq <= 300) {
        long from = seq;
        bench.done(done -> bench.shardHere(3).fetch(from, done));
        seq = bench.on(() -> {
          long at = from;
          Entry entry = bench.shardHere(3).entry(at);
          while (entry != null) {
            assertThat(entry.seq()).isEqualTo(at);
            entry = ++at > 300 ? null : bench.shardHere(3).entry(at);
          }
          return at;
        });
        assertThat(seq).isGreaterThan(from);
      }
      bench.run(() -> bench.shardHere(3).retainAfter(Long.MAX_VALUE));
      Bench.until("gone", () -> bench.on(() -> bench.shardHere(3).baseSeq()) > 200);
    }
  }

  @Test
  void retention_hasABound() {
    try (var bench = new Bench(directory, Bench.SMALL.withLogBytes(300 << 10, 0))) {
      bench.create(3);
      bench.run(() -> bench.shardHere(3).retainAfter(0));
      fill(bench, 3, 400);
      bench.flush();
      assertThat(bench.on(() -> bench.shardHere(3).baseSeq())).isGreaterThan(100);
    }
  }

  @Test
  void unappliedEntry_doesNotHoldTheLog_andIsNotLost() {
    try (var bench = new Bench(directory)) {
      bench.create(3);
      bench.create(4);
      bench.append(4, 1, Bench.put(Bench.key(4, 1), "stuck"));
      bench.append(4, 1, Bench.put(Bench.key(4, 2), "stuck too"));
      bench.sync();
      for (int round = 0; round < 5; round++) {
        fill(bench, 3, 100);
        bench.flush();
      }
      Bench.until("few segments", () -> bench.on(bench.storage::stats).logSegmentsLive() <= 4);
      // What was moved is on its way to the disk again.
      Bench.until("durable again", () -> bench.on(() -> bench.shardHere(4).durableSeq()) == 2);
    }
    try (var bench = new Bench(directory)) {
      assertThat(bench.on(() -> bench.shardHere(4).lastSeq())).isEqualTo(2);
      bench.applyAll(4);
      assertThat(bench.text(4, Bench.key(4, 1))).isEqualTo("stuck");
      assertThat(bench.text(4, Bench.key(4, 2))).isEqualTo("stuck too");
    }
  }

  @Test
  void wipeThatOutlivesTheLogBeforeIt_doesNotVoidWhatComesAfterTheCrash() {
    for (int seed = 0; seed < 8; seed++) {
      Path path = directory.resolve("seed-" + seed);
      var disk = new SimulatedLogFiles();
      var random = new Random(seed);
      try (var bench = new Bench(path, Bench.SMALL, disk.process())) {
        bench.create(4);
        bench.append(4, 1, Bench.put(Bench.key(4, 1), "not synced".repeat(500)));
        bench.create(3);
        crash(bench, disk, random);
      }
      try (var bench = new Bench(path, Bench.SMALL, disk.process())) {
        bench.append(3, 1, Bench.put(Bench.key(3, 1), "synced"));
        bench.sync();
        crash(bench, disk, random);
      }
      try (var bench = new Bench(path, Bench.SMALL, disk.process())) {
        assertThat(bench.on(() -> bench.shardHere(3).lastSeq())).isEqualTo(1);
      }
    }
  }

  private static void crash(Bench bench, SimulatedLogFiles disk, Random random) {
    bench.run(() -> {
      disk.crash(random);
      bench.storage.close();
    });
  }

  @Test
  void failedFsync_isFatalOnce_andNothingIsDurableAfterwards() {
    var files = new SimulatedLogFiles();
    try (var bench = new Bench(directory, Bench.SMALL, files)) {
      bench.create(3);
      bench.write(3, Bench.put(Bench.key(3, 1), "v"));
      files.failSync = name -> name.startsWith("segment-");
      bench.append(3, 1, Bench.put(Bench.key(3, 1), "w"));
      bench.run(bench.storage::sync);
      Bench.until("fatal", () -> !bench.fatal.isEmpty());
      files.failSync = name -> false;
      bench.append(3, 1, Bench.put(Bench.key(3, 1), "x"));
      bench.run(bench.storage::sync);
      bench.run(bench.storage::sync);
      assertThat(bench.on(() -> bench.shardHere(3).durableSeq())).isEqualTo(1);
      assertThat(bench.fatal).hasSize(1);
      assertThat(bench.fatal.getFirst()).contains("segment-").contains("fsync failed")
          .contains("Check the disk");
    }
  }

  @Test
  void failedWrite_namesFileAndOffset() {
    var files = new SimulatedLogFiles();
    try (var bench = new Bench(directory, Bench.SMALL, files)) {
      bench.create(3);
      bench.write(3, Bench.put(Bench.key(3, 1), "v"));
      files.failWrite = name -> name.startsWith("segment-");
      bench.append(3, 1, Bench.put(Bench.key(3, 1), "w"));
      bench.run(bench.storage::sync);
      Bench.until("fatal", () -> !bench.fatal.isEmpty());
      assertThat(bench.fatal.getFirst()).contains("segment-").contains("at offset ")
          .contains("no space left");
    }
  }

  @Test
  void wipe_givesTheDiskBack() {
    var random = new Random(1);
    try (var bench = new Bench(directory, Bench.SMALL.withMemtableBytes(8 << 20))) {
      bench.create(3);
      bench.create(4);
      byte[] noise = new byte[20_000];
      for (int i = 0; i < 400; i++) {
        random.nextBytes(noise);
        bench.append(3 + i % 2, 1, Bench.put(Bench.key(3 + i % 2, i), dss.protocol.Bytes.copyOf(noise, 0,
            noise.length).toString()));
        if (i % 20 == 19) {
          bench.sync();
          bench.applyAll(3);
          bench.applyAll(4);
        }
        if (i % 100 == 99) {
          bench.flush();
        }
      }
      long before = bytes(directory.resolve("store"));
      bench.done(durable -> bench.shardHere(3).wipe(durable));
      Bench.until("smaller", () -> bytes(directory.resolve("store")) < before * 6 / 10);
      assertThat(bench.count(4)).isEqualTo(200);
    }
  }

  private static long bytes(Path path) {
    try (Stream<Path> files = Files.walk(path)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (UncheckedIOException e) {
      // A file went while we looked.
      return Long.MAX_VALUE;
    }
  }

  @Test
  void diskLow_isBelowTheReserve() {
    try (var bench = new Bench(directory, Bench.SMALL.withDiskReserveBytes(Long.MAX_VALUE))) {
      assertThat(bench.on(bench.storage::diskLow)).isTrue();
    }
    try (var bench = new Bench(directory)) {
      assertThat(bench.on(bench.storage::diskLow)).isFalse();
      ShardStorage shard = bench.shard(3);
      assertThat(bench.on(shard::bytes)).isZero();
    }
  }

  @Test
  void diskLow_staysSo_untilASixteenthMoreIsFree_andCanBeSetAnew() {
    try (var bench = new Bench(directory, Bench.SMALL.withDiskReserveBytes(1600))) {
      long[] free = {1600, 1599, 1600, 1699, 1700, 1600};
      boolean[] low = {false, true, true, true, false, false};
      for (int i = 0; i < free.length; i++) {
        long now = free[i];
        assertThat(bench.on(() -> {
          bench.storage.counters().diskFree = now;
          return bench.storage.diskLow();
        })).as("%d free", now).isEqualTo(low[i]);
      }
      assertThat(bench.on(() -> {
        bench.storage.counters().diskFree = 1600;
        bench.storage.diskReserve(1601);
        return bench.storage.diskLow();
      })).isTrue();
    }
  }
}
