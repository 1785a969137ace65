package dss.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.entry.Effect;
import dss.protocol.Bytes;
import dss.protocol.Slots;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

class KeySetTest {
  private static final ShardRange RANGE = ShardRange.of(0, 1024);
  private static final ShardRange OTHER = ShardRange.of(1, 1024);

  @TempDir
  Path directory;

  @Test
  void aSet_isWhatASetOfJavaIs_whileItGrowsAndShrinks() {
    for (int seed = 0; seed < 20; seed++) {
      var random = new Random(seed);
      var set = new KeySet(random.nextInt(10));
      var model = new HashSet<Long>();
      int keys = 1 + random.nextInt(400);
      for (int step = 0; step < 5_000; step++) {
        // Hashes that begin at few slots, so that runs of them form and break.
        long hash = 1 + random.nextInt(keys) | (long) random.nextInt(3) << 32;
        switch (random.nextInt(3)) {
          case 0 -> assertThat(set.add(hash)).isEqualTo(model.add(hash));
          case 1 -> assertThat(set.remove(hash)).isEqualTo(model.remove(hash));
          default -> assertThat(set.has(hash)).isEqualTo(model.contains(hash));
        }
        assertThat(set.size()).isEqualTo(model.size());
      }
      for (long hash = 1; hash <= keys; hash++) {
        assertThat(set.has(hash)).isEqualTo(model.contains(hash));
      }
    }
  }

  @Test
  void hashes_differForKeysThatDifferInOneByteOrInLength() {
    Set<Long> hashes = new HashSet<>();
    int keys = 0;
    for (int length = 0; length < 40; length++) {
      byte[] key = new byte[40];
      hashes.add(KeySet.hash(key, length));
      keys++;
      for (int at = 0; at < length; at++) {
        for (int value = 1; value < 256; value++) {
          key[at] = (byte) value;
          hashes.add(KeySet.hash(key, length));
          keys++;
        }
        key[at] = 0;
      }
    }
    assertThat(hashes).hasSize(keys).doesNotContain(0L);
  }

  @Test
  void aSetIsReadFromTheStore_withoutWhatIsNoKeyOrOfAnotherShard() throws Exception {
    try (var store = new RocksStore(directory.resolve("store"), directory.resolve("ingest"), 1 << 20,
        1 << 20)) {
      byte[] here = StoreKey.of(Effect.HEADER, RANGE.first() + 3, Bytes.utf8("here"));
      byte[] outcome = StoreKey.of(Effect.OUTCOMES, RANGE.first() + 3, Bytes.utf8("outcome of a request"));
      byte[] elsewhere = StoreKey.of(Effect.HEADER, OTHER.first(), Bytes.utf8("elsewhere"));
      try (var batch = new WriteBatch()) {
        for (byte[] key : new byte[][]{here, outcome, elsewhere, RANGE.recordKey()}) {
          batch.put(key, new byte[10]);
        }
        store.write(batch);
      }
      var sets = sets(1 << 10);
      KeySet set = java.util.Objects.requireNonNull(sets.load(store, RANGE, 1));
      assertThat(set.size()).isEqualTo(1);
      assertThat(set.has(KeySet.hash(here, here.length))).isTrue();
      assertThat(sets.load(store, RANGE, 1)).isSameAs(set);
    }
  }

  @Test
  void setsStayWithinTheirMemory() throws Exception {
    try (var store = new RocksStore(directory.resolve("store"), directory.resolve("ingest"), 1 << 20,
        1 << 20)) {
      var sets = sets(300);
      KeySet set = load(sets, store, RANGE);
      load(sets, store, OTHER);
      for (long hash = 1; hash < 1000; hash++) {
        assertThat(sets.add(RANGE.shard(), set, hash)).isTrue();
        assertThat(sets.bytes()).isLessThanOrEqualTo(300);
      }
      // It grew beyond what is allowed: forgotten, though the flush under way goes on with it.
      assertThat(sets.of(RANGE.shard())).isNull();
      assertThat(sets.of(OTHER.shard())).isNotNull();
      assertThat(sets.bytes()).isEqualTo(KeySet.bytesFor(0));
      assertThat(sets.load(store, RANGE, 1000)).isNull();
      assertThat(sets.load(store, RANGE, 0)).isNotNull();
    }
  }

  @Test
  void aForgottenSet_isReadAgain() throws Exception {
    try (var store = new RocksStore(directory.resolve("store"), directory.resolve("ingest"), 1 << 20,
        1 << 20)) {
      var sets = sets(1 << 10);
      KeySet set = load(sets, store, RANGE);
      sets.add(RANGE.shard(), set, 5);
      sets.forget(RANGE.shard());
      assertThat(sets.bytes()).isZero();
      assertThat(load(sets, store, RANGE).has(5)).isFalse();
    }
  }

  @Test
  void whatIsDeleted_goesThoughItsHashIsNotInTheSet() {
    Bytes key = Bench.key(3, 1);
    try (var bench = new Bench(directory, Bench.SMALL.withCacheBytes(4 << 20, 0))) {
      bench.create(3);
      bench.write(3, Bench.put(key, "v"));
      bench.flush();
      // As if another key with the same hash had been deleted.
      byte[] stored = StoreKey.of(Effect.HEADER, Slots.of(key), key);
      var removed = new CompletableFuture<Boolean>();
      Flusher flusher = bench.storage.flusher();
      flusher.execute(() -> removed.complete(java.util.Objects.requireNonNull(flusher.keySets().of(3))
          .remove(KeySet.hash(stored, stored.length))));
      assertThat(bench.await(removed)).isTrue();
      bench.write(3, Bench.delete(key));
      bench.flush();
      assertThat(bench.text(3, key)).isNull();
      assertThat(bench.count(3)).isZero();
    }
  }

  private static KeySets sets(long limit) {
    var sets = new KeySets(limit);
    sets.begin(1024);
    return sets;
  }

  private static KeySet load(KeySets sets, RocksStore store, ShardRange range) throws RocksDBException {
    return java.util.Objects.requireNonNull(sets.load(store, range, 0));
  }
}
