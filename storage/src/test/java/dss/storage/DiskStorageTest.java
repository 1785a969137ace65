package dss.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dss.core.entry.Effect;
import dss.core.entry.RequestId;
import dss.core.storage.CopyReader;
import dss.core.storage.Mark;
import dss.core.storage.ShardStorage;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import dss.protocol.Slots;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskStorageTest {
  @TempDir
  Path directory;

  private static final Bytes A = Bench.key(3, 1);
  private static final Bytes B = Bench.key(3, 2);

  @Test
  void whatIsApplied_isRead_andSurvivesFlushAndRestart() {
    try (var bench = new Bench(directory)) {
      bench.create(3);
      assertThat(bench.get(3, A)).isSameAs(Value.ABSENT);
      bench.write(3, Bench.put(A, "one"));
      bench.write(3, Bench.put(B, "two"), Bench.put(A, "three"));
      assertThat(bench.text(3, A)).isEqualTo("three");
      bench.flush();
      assertThat(bench.text(3, A)).isEqualTo("three");
      bench.write(3, Bench.delete(A));
      assertThat(bench.text(3, A)).isNull();
      assertThat(bench.text(3, B)).isEqualTo("two");
      bench.flush();
      assertThat(bench.text(3, A)).isNull();
    }
    try (var bench = new Bench(directory)) {
      assertThat(bench.text(3, A)).isNull();
      assertThat(bench.text(3, B)).isEqualTo("two");
      assertThat(bench.shard(3).appliedSeq()).isEqualTo(3);
      assertThat(bench.on(() -> bench.storage.shard(3).get(Effect.HEADER, Slots.of(B), B)).modified())
          .isEqualTo(2);
    }
  }

  @Test
  void restart_hasWhatWasDurable_appliedUpToTheFlush() {
    try (var bench = new Bench(directory)) {
      bench.create(3);
      bench.write(3, Bench.put(A, "one"));
      bench.flush();
      bench.append(3, 1, Bench.put(A, "two"));
      bench.append(3, 2, Bench.put(B, "x"));
      bench.sync();
    }
    try (var bench = new Bench(directory)) {
      ShardStorage shard = bench.shard(3);
      assertThat(bench.on(shard::mark)).isEqualTo(Mark.COMPLETE);
      assertThat(bench.on(shard::lastSeq)).isEqualTo(3);
      assertThat(bench.on(shard::durableSeq)).isEqualTo(3);
      assertThat(bench.on(shard::appliedSeq)).isEqualTo(1);
      assertThat(bench.on(shard::baseSeq)).isEqualTo(1);
      assertThat(bench.on(() -> shard.epochAt(1))).isEqualTo(1);
      assertThat(bench.on(() -> shard.epochAt(3))).isEqualTo(2);
      assertThat(bench.on(shard::lastTime)).isEqualTo(1_000_003);
      assertThat(bench.text(3, A)).isEqualTo("one");
      bench.applyAll(3);
      assertThat(bench.text(3, A)).isEqualTo("two");
      assertThat(bench.text(3, B)).isEqualTo("x");
    }
  }

  @Test
  void durable_countsOnlyWhatIsNowInTheLog_whileAnOlderBatchIsUnderWay() {
    try (var bench = new Bench(directory)) {
      bench.create(3);
      bench.run(() -> {
        ShardStorage shard = bench.storage.shard(3);
        bench.appendHere(3, 1, List.of());
        bench.appendHere(3, 1, List.of());
        bench.storage.sync();
        shard.cutAfter(1);
        bench.appendHere(3, 2, List.of());
        bench.appendHere(3, 2, List.of());
      });
      Bench.until("first batch", () -> bench.synced.get() == 1);
      assertThat(bench.on(() -> bench.storage.shard(3).durableSeq())).isEqualTo(1);
      bench.sync();
      assertThat(bench.on(() -> bench.storage.shard(3).durableSeq())).isEqualTo(3);
      assertThat(bench.on(() -> bench.storage.shard(3).epochAt(2))).isEqualTo(2);
    }
    try (var bench = new Bench(directory)) {
      assertThat(bench.on(() -> bench.storage.shard(3).epochAt(2))).isEqualTo(2);
      assertThat(bench.on(() -> bench.storage.shard(3).lastSeq())).isEqualTo(3);
    }
  }

  @Test
  void whatACutDropped_doesNotComeBack_whenTheEntryThatReplacedItIsFlushed() {
    try (var bench = new Bench(directory)) {
      bench.create(3);
      bench.write(3, Bench.put(A, "one"));
      bench.append(3, 1, Bench.put(A, "dropped"));
      bench.append(3, 1, Bench.put(B, "dropped too"));
      bench.sync();
      bench.run(() -> {
        bench.storage.shard(3).cutAfter(1);
        bench.appendHere(3, 2, List.of(Bench.put(A, "two")));
      });
      bench.sync();
      bench.applyAll(3);
      bench.flush();
    }
    try (var bench = new Bench(directory)) {
      assertThat(bench.on(() -> bench.storage.shard(3).lastSeq())).isEqualTo(2);
      assertThat(bench.on(() -> bench.storage.shard(3).lastEpoch())).isEqualTo(2);
      assertThat(bench.text(3, A)).isEqualTo("two");
      assertThat(bench.text(3, B)).isNull();
    }
  }

  @Test
  void cutBelowApplied_isABrokenInvariant() {
    try (var bench = new Bench(directory)) {
      bench.create(3);
      bench.write(3, Bench.put(A, "one"));
      assertThatThrownBy(() -> bench.run(() -> bench.storage.shard(3).cutAfter(0)))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void emptySync_isNoBatch_andBatchesComeOneByOne() {
    try (var bench = new Bench(directory)) {
      bench.create(3);
      bench.run(bench.storage::sync);
      assertThat(bench.on(bench.storage::syncsInFlight)).isZero();
      bench.run(() -> {
        for (int i = 0; i < 5; i++) {
          bench.appendHere(3, 1, List.of());
          bench.storage.sync();
        }
        assertThat(bench.storage.syncsInFlight()).isEqualTo(5);
      });
      Bench.until("five", () -> bench.synced.get() == 5);
      assertThat(bench.on(bench.storage::syncsInFlight)).isZero();
    }
  }

  @Test
  void clear_takesEverythingOfTheShardOnly() {
    Bytes other = Bench.key(4, 1);
    try (var bench = new Bench(directory)) {
      bench.create(3);
      bench.create(4);
      bench.write(3, Bench.put(A, "one"));
      bench.write(4, Bench.put(other, "o"));
      bench.flush();
      bench.write(3, Effect.clear(3 * 1024), Bench.put(B, "after"));
      assertThat(bench.text(3, A)).isNull();
      assertThat(bench.text(3, B)).isEqualTo("after");
      assertThat(bench.count(3)).isEqualTo(1);
      bench.flush();
      assertThat(bench.text(3, A)).isNull();
      assertThat(bench.text(3, B)).isEqualTo("after");
      assertThat(bench.count(3)).isEqualTo(1);
      assertThat(bench.text(4, other)).isEqualTo("o");
    }
    try (var bench = new Bench(directory)) {
      assertThat(bench.text(3, A)).isNull();
      assertThat(bench.text(3, B)).isEqualTo("after");
    }
  }

  @Test
  void keys_areCountedAcrossStoreAndMemtable() {
    try (var bench = new Bench(directory)) {
      bench.create(3);
      for (int i = 0; i < 20; i++) {
        bench.append(3, 1, Bench.put(Bench.key(3, i), "v"));
      }
      bench.sync();
      bench.applyAll(3);
      assertThat(bench.count(3)).isEqualTo(20);
      bench.flush();
      assertThat(bench.count(3)).isEqualTo(20);
      bench.write(3, Bench.put(Bench.key(3, 5), "again"), Bench.put(Bench.key(3, 100), "new"),
          Bench.delete(Bench.key(3, 7)), Bench.delete(Bench.key(3, 200)));
      assertThat(bench.count(3)).isEqualTo(20);
      bench.write(3, Bench.delete(Bench.key(3, 8)));
      assertThat(bench.count(3)).isEqualTo(19);
      bench.flush();
      assertThat(bench.count(3)).isEqualTo(19);
    }
    try (var bench = new Bench(directory)) {
      assertThat(bench.count(3)).isEqualTo(19);
    }
  }

  @Test
  void keysInSlot_mergesStoreAndMemtable() {
    int slot = Slots.of(A);
    Bytes inStore = Bytes.utf8("{" + A.asUtf8() + "}1");
    Bytes deleted = Bytes.utf8("{" + A.asUtf8() + "}2");
    Bytes newer = Bytes.utf8("{" + A.asUtf8() + "}3");
    try (var bench = new Bench(directory)) {
      bench.create(3);
      bench.write(3, Bench.put(A, "1"), Bench.put(inStore, "1"), Bench.put(deleted, "1"));
      bench.flush();
      bench.write(3, Bench.delete(deleted), Bench.put(newer, "1"));
      var keys = new CompletableFuture<List<Bytes>>();
      bench.run(() -> bench.storage.shard(3).keysInSlot(slot, 10, keys::complete));
      assertThat(Bench.await(keys)).containsExactlyInAnyOrder(A, inStore, newer);
      var two = new CompletableFuture<List<Bytes>>();
      bench.run(() -> bench.storage.shard(3).keysInSlot(slot, 2, two::complete));
      assertThat(Bench.await(two)).isEqualTo(Bench.await(keys).subList(0, 2));
    }
  }

  @Test
  void outcomes_areRemembered_andTravelInCopies(@TempDir Path second) {
    var id = new RequestId(1, 2, 3);
    int slot = Slots.of(A);
    var effects = List.of(Bench.put(A, "1"), Effect.outcome(slot, id, Bytes.utf8("+OK")));
    try (var bench = new Bench(directory); var learner = new Bench(second)) {
      bench.create(3);
      bench.run(() -> bench.appendHere(3, 1, id, effects));
      bench.sync();
      bench.applyAll(3);
      assertThat(bench.get(3, Effect.OUTCOMES, slot, id.asKey()).bytes().asUtf8()).isEqualTo("+OK");
      bench.flush();
      CopyReader reader = bench.openCopy(3);
      learner.takeCopy(3, 7, reader, bench.chunks(reader));
      assertThat(learner.get(3, Effect.OUTCOMES, slot, id.asKey()).bytes().asUtf8()).isEqualTo("+OK");
      assertThat(learner.get(3, Effect.OUTCOMES, slot, new RequestId(1, 2, 4).asKey()))
          .isSameAs(Value.ABSENT);
    }
  }

  @Test
  void copy_ofManyChunks_isEqual_andSurvivesARestart(@TempDir Path second) {
    String large = "x".repeat(3000);
    try (var bench = new Bench(directory); var learner = new Bench(second)) {
      bench.create(3);
      learner.create(3);
      learner.write(3, Bench.put(Bench.key(3, 9999), "goes away"));
      for (int i = 0; i < 300; i++) {
        bench.append(3, 5, Bench.put(Bench.key(3, i), large + i));
      }
      bench.sync();
      bench.applyAll(3);
      CopyReader reader = bench.openCopy(3);
      assertThat(reader.seq()).isEqualTo(300);
      assertThat(reader.epoch()).isEqualTo(5);
      bench.write(3, Bench.put(Bench.key(3, 0), "later"));
      List<byte[]> chunks = bench.chunks(reader);
      assertThat(chunks.size()).isGreaterThan(3);
      assertThat(chunks).allMatch(chunk -> chunk.length <= CopyChunks.BYTES);
      learner.takeCopy(3, 77, reader, chunks);
      assertThat(learner.count(3)).isEqualTo(300);
      assertThat(learner.text(3, Bench.key(3, 0))).isEqualTo(large + 0);
      assertThat(learner.text(3, Bench.key(3, 299))).isEqualTo(large + 299);
      assertThat(learner.text(3, Bench.key(3, 9999))).isNull();
    }
    try (var learner = new Bench(second)) {
      ShardStorage shard = learner.shard(3);
      assertThat(learner.on(shard::mark)).isEqualTo(Mark.COMPLETE);
      assertThat(learner.on(shard::copyId)).isEqualTo(77);
      assertThat(learner.on(shard::lastSeq)).isEqualTo(300);
      assertThat(learner.on(shard::lastEpoch)).isEqualTo(5);
      assertThat(learner.text(3, Bench.key(3, 150))).isEqualTo(large + 150);
      learner.write(3, Bench.put(A, "goes on"));
    }
    try (var learner = new Bench(second)) {
      learner.applyAll(3);
      assertThat(learner.text(3, A)).isEqualTo("goes on");
    }
  }

  @Test
  void interruptedCopy_isWorthNothing_afterARestart() {
    try (var bench = new Bench(directory)) {
      bench.create(3);
      bench.write(3, Bench.put(A, "one"));
      bench.run(() -> bench.storage.shard(3).beginCopy(9));
      bench.done(taken -> bench.storage.shard(3).copyChunk(new byte[]{1}, taken));
    }
    try (var bench = new Bench(directory)) {
      ShardStorage shard = bench.shard(3);
      assertThat(bench.on(shard::mark)).isEqualTo(Mark.COPYING);
      assertThat(bench.on(shard::copyId)).isEqualTo(9);
      assertThat(bench.on(shard::lastSeq)).isZero();
      assertThat(bench.text(3, A)).isNull();
    }
  }

  @Test
  void chunkOfAnotherShard_endsTheCopy_andIsNeverWhole(@TempDir Path second) {
    try (var bench = new Bench(directory); var learner = new Bench(second)) {
      bench.create(4);
      bench.write(4, Bench.put(Bench.key(4, 1), "v"));
      bench.flush();
      CopyReader reader = bench.openCopy(4);
      byte[] chunk = bench.chunks(reader).getFirst();
      var calls = new AtomicInteger();
      learner.run(() -> learner.storage.shard(3).beginCopy(1));
      learner.run(() -> learner.storage.shard(3).copyChunk(chunk, calls::incrementAndGet));
      learner.run(() -> learner.storage.shard(3).finishCopy(1, 1, 1, calls::incrementAndGet));
      learner.create(5);
      assertThat(calls).hasValue(0);
      assertThat(learner.on(() -> learner.storage.shard(3).mark())).isEqualTo(Mark.COPYING);
      assertThat(learner.fatal).isEmpty();
    }
  }

  @Test
  void wipe_overtakesCallbacks_andVoidsTheLog() {
    var counts = new ArrayList<Long>();
    try (var bench = new Bench(directory)) {
      bench.create(3);
      bench.write(3, Bench.put(A, "one"));
      bench.flush();
      bench.write(3, Bench.put(B, "two"));
      bench.run(() -> bench.storage.shard(3).countKeys(counts::add));
      bench.done(durable -> {
        bench.storage.shard(3).countKeys(counts::add);
        bench.storage.shard(3).wipe(durable);
      });
      assertThat(bench.on(() -> bench.storage.shard(3).mark())).isEqualTo(Mark.ABSENT);
      bench.create(3);
      assertThat(bench.text(3, A)).isNull();
      bench.append(3, 9, Bench.put(A, "new life"));
      bench.sync();
    }
    // Whoever asked is answered, of a copy that is gone that nothing is there.
    assertThat(counts).hasSize(2).last().isEqualTo(0L);
    try (var bench = new Bench(directory)) {
      assertThat(bench.on(() -> bench.storage.shard(3).lastSeq())).isEqualTo(1);
      bench.applyAll(3);
      assertThat(bench.text(3, A)).isEqualTo("new life");
      assertThat(bench.text(3, B)).isNull();
    }
  }

  @Test
  void fullMemtable_refusesWrites_untilAFlushMadeRoom() {
    String value = "v".repeat(1000);
    try (var bench = new Bench(directory)) {
      bench.create(3);
      var appended = new AtomicLong();
      bench.run(() -> {
        while (bench.storage.acceptsWrites()) {
          appended.set(bench.appendHere(3, 1, List.of(Bench.put(Bench.key(3, (int) appended.get()), value))));
        }
        // A backup's appends are taken all the same.
        appended.set(bench.appendHere(3, 1, List.of(Bench.put(A, "last"))));
      });
      assertThat(appended.get()).isGreaterThan(300);
      bench.sync();
      bench.applyAll(3);
      Bench.until("writable", () -> bench.writable.get() == 1);
      assertThat(bench.on(bench.storage::acceptsWrites)).isTrue();
      assertThat(bench.text(3, A)).isEqualTo("last");
      assertThat(bench.on(() -> bench.storage.stats().memtableBytes())).isLessThanOrEqualTo(512 << 10);
    }
  }

  @Test
  void entriesOfPrimaries_areTakenUpToTwiceTheMemtable() {
    String value = "v".repeat(1000);
    try (var bench = new Bench(directory)) {
      bench.create(3);
      long most = bench.on(() -> {
        for (int i = 0; bench.storage.acceptsEntries() && i < 5_000; i++) {
          bench.appendHere(3, 1, List.of(Bench.put(Bench.key(3, i), value)));
        }
        assertThat(bench.storage.acceptsWrites()).isFalse();
        return bench.storage.stats().memtableBytes();
      });
      assertThat(most).isBetween(1L << 20, (1L << 20) + (128 << 10));
      bench.sync();
      bench.applyAll(3);
      Bench.until("writable", () -> bench.writable.get() == 1);
      assertThat(bench.on(bench.storage::acceptsEntries)).isTrue();
    }
  }

  @Test
  void largeEntry_getsASegmentOfItsOwn() {
    String large = "L".repeat(200_000);
    try (var bench = new Bench(directory)) {
      bench.create(3);
      bench.write(3, Bench.put(A, "small"));
      bench.write(3, Bench.put(B, large));
      bench.write(3, Bench.put(A, "small again"));
      assertThat(bench.text(3, B)).isEqualTo(large);
    }
    try (var bench = new Bench(directory)) {
      bench.applyAll(3);
      assertThat(bench.text(3, B)).isEqualTo(large);
      assertThat(bench.text(3, A)).isEqualTo("small again");
      bench.flush();
      assertThat(bench.text(3, B)).isEqualTo(large);
    }
  }

  @Test
  void entryLargerThanTheMemtable_doesNotStopWritesForEver() {
    String large = "L".repeat(600_000);
    try (var bench = new Bench(directory)) {
      bench.create(3);
      for (int i = 0; i < 3; i++) {
        bench.append(3, 1, Bench.put(B, large + i));
        assertThat(bench.on(bench.storage::acceptsWrites)).isFalse();
        bench.sync();
        bench.applyAll(3);
        Bench.until("writable", () -> bench.on(bench.storage::acceptsWrites));
        assertThat(bench.text(3, B)).isEqualTo(large + i);
      }
      bench.append(3, 1, Bench.put(A, "not synced"));
    }
    try (var bench = new Bench(directory)) {
      bench.applyAll(3);
      assertThat(bench.text(3, A)).as("closing syncs").isEqualTo("not synced");
      assertThat(bench.text(3, B)).isEqualTo(large + 2);
    }
  }

  @Test
  void coldKey_isWarmInItsCallback_andNeverStale() {
    try (var bench = new Bench(directory, Bench.SMALL.withCacheBytes(0, 1 << 20))) {
      bench.create(3);
      bench.write(3, Bench.put(A, "one"));
      bench.flush();
      assertThat(bench.on(() -> bench.storage.shard(3).get(Effect.HEADER, Slots.of(A), A)))
          .isSameAs(Value.COLD);
      assertThat(bench.text(3, A)).isEqualTo("one");
      assertThat(bench.on(() -> bench.storage.shard(3).get(Effect.HEADER, Slots.of(A), A)))
          .isNotSameAs(Value.COLD);
      bench.write(3, Bench.put(A, "two"));
      bench.flush();
      assertThat(bench.text(3, A)).isEqualTo("two");
    }
  }

  @Test
  void valueReadBeforeAFlushThatCameInBetween_isNotKept() {
    try (var bench = new Bench(directory)) {
      bench.create(3);
      bench.write(3, Bench.put(A, "one"));
      bench.flush();
      bench.write(3, Bench.put(A, "two"));
      bench.flush();
      var old = new Value(Effect.STRING, 1, 1, Effect.NEVER, Bytes.utf8("one"));
      boolean kept = bench.on(() -> {
        var shard = (DiskShard) bench.storage.shard(3);
        return shard.reads().warmed(Effect.HEADER, Slots.of(A), A, old, shard.life(), 1);
      });
      assertThat(kept).isFalse();
      assertThat(bench.text(3, A)).isEqualTo("two");
    }
  }

  @Test
  void manyShards_areMadeAtOnce() {
    try (var bench = new Bench(directory)) {
      var made = new ArrayList<CompletableFuture<Boolean>>();
      bench.run(() -> {
        for (int shard = 0; shard < Bench.SHARDS; shard++) {
          var one = new CompletableFuture<Boolean>();
          made.add(one);
          bench.storage.shard(shard).createEmpty(() -> one.complete(true));
        }
      });
      made.forEach(Bench::await);
    }
    try (var bench = new Bench(directory)) {
      for (int shard = 0; shard < Bench.SHARDS; shard++) {
        assertThat(bench.on(bench.shard(shard)::mark)).isEqualTo(Mark.COMPLETE);
      }
    }
  }
}
