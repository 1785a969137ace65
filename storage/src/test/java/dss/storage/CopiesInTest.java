package dss.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.storage.CopyReader;
import dss.core.storage.Mark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies that come in at once: they become part of the store together, each whole, small ones in one file. */
class CopiesInTest {
  private static final int KEYS = 5;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path second;

  private record Copy(int shard, CopyReader reader, List<byte[]> chunks) {}

  private static String value(int shard, int number, int length) {
    return (shard + "." + number + ".").repeat(length);
  }

  /** All shards from 0 on; shard {@code large} has values of 300 KB each. */
  private List<Copy> copies(Bench from, int shards, int large) {
    var copies = new ArrayList<Copy>();
    for (int shard = 0; shard < shards; shard++) {
      from.create(shard);
      for (int number = 0; number < KEYS; number++) {
        from.write(shard,
            Bench.put(Bench.key(shard, number), value(shard, number, shard == large ? 75_000 : 1)));
      }
    }
    from.flush();
    for (int shard = 0; shard < shards; shard++) {
      CopyReader reader = from.openCopy(shard);
      copies.add(new Copy(shard, reader, from.chunks(reader)));
    }
    return copies;
  }

  private static void begin(Bench learner, Copy copy) {
    learner.run(() -> learner.storage.shard(copy.shard()).beginCopy(100 + copy.shard()));
    for (byte[] chunk : copy.chunks()) {
      learner.run(() -> learner.storage.shard(copy.shard()).copyChunk(chunk, () -> {}));
    }
  }

  private static void end(Bench learner, Copy copy, Runnable durable) {
    CopyReader from = copy.reader();
    learner.run(
        () -> learner.storage.shard(copy.shard()).finishCopy(from.epoch(), from.seq(), from.time(), durable));
  }

  private static void assertWhole(Bench learner, int shards, int large) {
    for (int shard = 0; shard < shards; shard++) {
      int one = shard;
      assertThat(learner.on(() -> learner.storage.shard(one).mark())).isEqualTo(Mark.COMPLETE);
      assertThat(learner.count(shard)).isEqualTo(KEYS);
      for (int number = 0; number < KEYS; number++) {
        assertThat(learner.text(shard, Bench.key(shard, number)))
            .isEqualTo(value(shard, number, shard == large ? 75_000 : 1));
      }
    }
  }

  /** They end in another order than that of their keys; one is too large to be kept in memory. */
  @Test
  void manyThatEndAtOnce_areAllWhole_alsoAfterARestart() throws InterruptedException {
    int shards = 8;
    int large = 5;
    try (var bench = new Bench(directory); var learner = new Bench(second)) {
      List<Copy> copies = copies(bench, shards, large);
      copies.forEach(copy -> begin(learner, copy));
      var durable = new CountDownLatch(shards);
      copies.reversed().forEach(copy -> end(learner, copy, durable::countDown));
      assertThat(durable.await(30, TimeUnit.SECONDS)).isTrue();
      assertWhole(learner, shards, large);
      assertThat(learner.fatal).isEmpty();
    }
    try (var learner = new Bench(second)) {
      assertWhole(learner, shards, large);
    }
  }

  /** Its end waits for others when the shard is dropped, or begun anew: what waited must not come after it. */
  @Test
  void oneThatIsDroppedWhileItsEndWaits_isDropped() {
    try (var bench = new Bench(directory); var learner = new Bench(second)) {
      List<Copy> copies = copies(bench, 2, -1);
      copies.forEach(copy -> begin(learner, copy));
      var told = new AtomicInteger();
      copies.forEach(copy -> end(learner, copy, told::incrementAndGet));
      learner.done(durable -> learner.storage.shard(0).wipe(durable));
      assertThat(learner.on(() -> learner.storage.shard(0).mark())).isEqualTo(Mark.ABSENT);
      Bench.until("the other is whole",
          () -> learner.on(() -> learner.storage.shard(1).mark()) == Mark.COMPLETE);
      assertThat(told).as("a callback that a wipe has overtaken never comes").hasValue(1);
    }
    try (var learner = new Bench(second)) {
      assertThat(learner.on(() -> learner.storage.shard(0).mark())).isEqualTo(Mark.ABSENT);
      assertThat(learner.text(1, Bench.key(1, 0))).isEqualTo(value(1, 0, 1));
    }
  }

  /** All other copies were given up: what had come of one is no part of the empty shard that begins anew. */
  @Test
  void anEmptyShard_thatBeginsWhereACopyWasHalfWay_isEmpty() {
    try (var bench = new Bench(directory); var learner = new Bench(second)) {
      begin(learner, copies(bench, 1, 0).getFirst());
      learner.create(0);
      assertThat(learner.on(() -> learner.storage.shard(0).mark())).isEqualTo(Mark.COMPLETE);
      assertThat(learner.count(0)).isZero();
      learner.write(0, Bench.put(Bench.key(0, 77), "new"));
    }
    try (var learner = new Bench(second)) {
      learner.applyAll(0);
      assertThat(learner.count(0)).isOne();
      assertThat(learner.text(0, Bench.key(0, 77))).isEqualTo("new");
    }
  }
}
