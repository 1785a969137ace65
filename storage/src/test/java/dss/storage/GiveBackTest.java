package dss.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.WriteBatch;

/** What left a server gives its disk back in seconds: the pace of other compaction is not for it. */
class GiveBackTest {
  private static final int MEBIBYTES = 96;

  @TempDir
  Path directory;

  @Test
  void rewritingWhatHadALeavingShard_isNotHeldBack() throws Exception {
    try (var store = new RocksStore(directory.resolve("store"), directory.resolve("ingest"), 1 << 20,
        1 << 20)) {
      var leaving = new ShardRange(1, 8, 16);
      SstFile file = store.newFile();
      byte[] value = new byte[1 << 20];
      var random = new Random(1);
      for (int i = 0; i < 2 * MEBIBYTES; i++) {
        random.nextBytes(value);
        // Half of it below the range that goes, half of it in the range, all in one file.
        byte[] key = ByteBuffer.allocate(8).putShort((short) (i < MEBIBYTES ? 1 : 9)).putInt(i).array();
        file.put(key, key.length, value, value.length);
      }
      file.finish();
      store.ingest(List.of(file));
      try (var batch = new WriteBatch()) {
        batch.deleteRange(leaving.from(), leaving.to());
        store.write(batch);
      }
      long begin = System.nanoTime();
      store.compact(leaving);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
      assertThat(store.bytes()).isLessThan((MEBIBYTES + 8L) << 20);
      assertThat(store.sizes(List.of(leaving))[0]).isLessThan(1 << 20);
    }
  }
}
