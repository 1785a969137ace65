package dss.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

/** What is flushed is divided so that parts of the store can be compacted without the others. */
@SuppressWarnings("NullAway.Init")
class FlushFilesTest {
  private static final int SHARDS = 32;
  private static final byte[] BIG = new byte[2 << 20];

  @TempDir
  Path directory;
  private RocksStore store;
  private FlushFiles files;

  @BeforeEach
  void open() throws Exception {
    store = new RocksStore(directory.resolve("store"), directory.resolve("ingest"), 1 << 20, 1 << 20);
    var flusher = new Flusher(store, 0, new Failure(message -> {}));
    var ranges = IntStream.range(0, SHARDS).mapToObj(s -> ShardRange.of(s, SHARDS))
        .toArray(ShardRange[]::new);
    var records = IntStream.range(0, SHARDS).mapToObj(s -> ShardRecord.NONE).toArray(ShardRecord[]::new);
    flusher.begin(ranges, records);
    flusher.start();
    var begun = new java.util.concurrent.CountDownLatch(1);
    flusher.execute(begun::countDown);
    begun.await();
    flusher.close();
    files = new FlushFiles(flusher);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Set<Path> write(int bytesEach) throws RocksDBException {
    var paths = new HashSet<Path>();
    for (int shard = 0; shard < SHARDS; shard++) {
      SstFile to = files.of(shard);
      byte[] key = ShardRange.of(shard, SHARDS).recordKey();
      to.put(key, key.length, BIG, bytesEach);
      paths.add(to.path());
    }
    return paths;
  }

  private void assertAllThere(int bytesEach) throws RocksDBException {
    for (int shard = 0; shard < SHARDS; shard++) {
      assertThat(store.get(ShardRange.of(shard, SHARDS).recordKey())).hasSize(bytesEach);
    }
  }

  @Test
  void much_goesIntoAFileForEachEighth_inOneStep() throws Exception {
    assertThat(write(BIG.length)).hasSize(FlushFiles.PARTS);
    assertThat(store.get(ShardRange.of(0, SHARDS).recordKey())).isNull();
    files.ingest();
    files.discard();
    assertAllThere(BIG.length);
  }

  @Test
  void little_goesIntoOne() throws Exception {
    assertThat(write(100)).hasSize(1);
    files.ingest();
    assertAllThere(100);
  }

  @Test
  void nothing_isNoFile() throws Exception {
    files.ingest();
    files.discard();
  }

  @Test
  void whatIsDiscarded_leavesNothing() throws Exception {
    write(BIG.length);
    files.discard();
    try (var left = Files.list(directory.resolve("ingest"))) {
      assertThat(left).isEmpty();
    }
  }
}
