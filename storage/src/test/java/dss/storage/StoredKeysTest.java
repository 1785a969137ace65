package dss.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

class StoredKeysTest {
  private static final int KEYS = 3000;

  @TempDir
  Path directory;

  private static byte[] key(int i) {
    // Of several lengths, one longer than the first buffer.
    int length = i % 100 == 7 ? 300 : 4 + i % 5;
    return ByteBuffer.allocate(length).putInt(i).array();
  }

  @Test
  void walkingAndLookingUp_agree() throws Exception {
    var random = new java.util.Random(1);
    var stored = new TreeSet<Integer>();
    try (var store = new RocksStore(directory.resolve("store"), directory.resolve("ingest"), 1 << 20,
        1 << 20)) {
      try (var batch = new WriteBatch()) {
        for (int i = 0; i < KEYS; i++) {
          if (random.nextInt(3) > 0) {
            stored.add(i);
            batch.put(key(i), new byte[50]);
          }
        }
        store.write(batch);
      }
      for (int apart : new int[]{1, 3, 10, 500}) {
        check(store, stored, apart, true);
        check(store, stored, apart, false);
      }
    }
  }

  private static void check(RocksStore store, TreeSet<Integer> stored, int apart, boolean walks)
      throws RocksDBException {
    try (StoredKeys keys = store.keys()) {
      keys.begin(walks ? stored.size() : 0, stored.size());
      for (int i = 0; i < KEYS + 2 * apart; i += apart) {
        byte[] key = key(i);
        assertThat(keys.has(key, key.length)).as("key %d, %d apart", i, apart).isEqualTo(stored.contains(i));
      }
    }
  }
}
