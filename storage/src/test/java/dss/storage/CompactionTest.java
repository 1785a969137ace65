package dss.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** What RocksDB makes of flushes that write a file for each part of the slots. */
class CompactionTest {
  private static final int FLUSHES = 12;
  private static final int VALUE = 8 << 10;
  private static final int KEYS = 64;
  private static final long SIZE = (long) VALUE * KEYS * FlushFiles.PARTS;

  @TempDir
  private Path directory;

  @Test
  @Timeout(60)
  void noPartIsLeftOut_whenItsTurnHasCome() throws Exception {
    try (var store = new RocksStore(directory.resolve("store"), directory.resolve("ingest"), 8 << 20,
        64 << 20)) {
      for (int flush = 0; flush < FLUSHES; flush++) {
        store.ingest(files(store, flush));
        rest(store);
      }
    }
    Map<Integer, Integer> waiting = filesOfLevel0();
    assertThat(waiting.values()).as("files of each part that wait: %s", waiting)
        .allMatch(count -> count <= 4);
  }

  /** What lies between the new files and the last level is there twice. */
  @Test
  @Timeout(60)
  void aLargerStore_hasLittleOfItTwice() throws Exception {
    try (var store = new RocksStore(directory.resolve("store"), directory.resolve("ingest"), 8 << 20,
        1 << 19)) {
      for (int flush = 0; flush < FLUSHES; flush++) {
        store.ingest(files(store, flush));
        store.shapeLevels();
        rest(store);
      }
    }
    Map<Integer, Long> sizes = sizesOfLevels();
    long all = sizes.values().stream().mapToLong(Long::longValue).sum();
    assertThat(sizes.size()).as("levels %s", sizes).isGreaterThan(1);
    assertThat(all).as("levels %s", sizes).isLessThan(SIZE * 3 / 2);
  }

  private static List<SstFile> files(RocksStore store, int flush) throws RocksDBException {
    var files = new ArrayList<SstFile>();
    byte[] value = new byte[VALUE];
    value[0] = (byte) flush;
    for (int part = 0; part < FlushFiles.PARTS; part++) {
      SstFile file = store.newFile();
      for (int key = 0; key < KEYS; key++) {
        file.put(new byte[]{(byte) part, (byte) key}, 2, value, VALUE);
      }
      file.finish();
      files.add(file);
    }
    return files;
  }

  /** Until compaction has nothing to do. */
  private static void rest(RocksStore store) throws RocksDBException {
    while (store.compacts()) {
      store.paceCompaction();
      Thread.onSpinWait();
    }
  }

  /** Those that are not level 0. */
  private Map<Integer, Long> sizesOfLevels() throws RocksDBException {
    var sizes = new TreeMap<Integer, Long>();
    try (var options = new Options();
        var db = RocksDB.openReadOnly(options, directory.resolve("store").toString())) {
      db.getLiveFilesMetaData().stream().filter(file -> file.level() > 0)
          .forEach(file -> sizes.merge(file.level(), file.size(), Long::sum));
    }
    return sizes;
  }

  private Map<Integer, Integer> filesOfLevel0() throws RocksDBException, IOException {
    var counts = new TreeMap<Integer, Integer>();
    try (var options = new Options();
        var db = RocksDB.openReadOnly(options, directory.resolve("store").toString())) {
      db.getLiveFilesMetaData().stream().filter(file -> file.level() == 0)
          .forEach(file -> counts.merge((int) file.smallestKey()[0], 1, Integer::sum));
    }
    return counts;
  }
}
