package dss.storage;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.CompactionPriority;
import org.rocksdb.CompressionType;
import org.rocksdb.Env;
import org.rocksdb.Holder;
import org.rocksdb.IndexType;
import org.rocksdb.IngestExternalFileOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.MutableColumnFamilyOptions;
import org.rocksdb.Options;
import org.rocksdb.Priority;
import org.rocksdb.Range;
import org.rocksdb.RateLimiter;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksObject;
import org.rocksdb.SizeApproximationFlag;
import org.rocksdb.Slice;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * RocksDB, one column family. Bulk comes in as files that are ingested; records and wipes as synced batches through
 * its own small log. Any thread may read; only the flusher writes. Source: docs/formats.md (Store).
 */
final class RocksStore implements AutoCloseable {
  private static final int BLOCK_BYTES = 8 << 10;
  private static final int BLOOM_BITS = 10;
  private static final long WRITE_BUFFER_BYTES = 4 << 20;
  private static final int OPEN_FILES = 2048;
  /** Compaction writes as fast as what is due would be done in so long, and at least so much a second. */
  private static final int COMPACTION_SECONDS = 20;
  private static final long COMPACTION_BYTES = 8 << 20;
  private static final long COMPACTION_BYTES_AT_MOST = 1 << 30;
  /** So many of the files that a flush writes wait at most: of two flushes, one in each eighth of the slots. */
  private static final int FILES_WAIT = 2 * FlushFiles.PARTS;
  /** A store up to so many times the memtable has one level below the new files: one between would have the keys again. */
  private static final int ONE_LEVEL = 8;
  /** Above it the level between has so much of the store. */
  private static final int BETWEEN = 10;
  /** A compaction of one eighth writes anew all files that reach into it: they are small beside an eighth. */
  private static final long FILE_BYTES = 16 << 20;
  /** Where there are three levels the files of the last are larger, or there would be too many. */
  private static final int FILE_GROWS = 4;
  private static final byte[] NO_VALUE = new byte[0];

  private final List<RocksObject> owned = new ArrayList<>();
  private final Path ingest;
  private final Options options;
  private final RocksDB db;
  private final ReadOptions read;
  private final ReadOptions walk;
  private final WriteOptions synced;
  private final WriteOptions unlogged;
  private final RateLimiter compaction;
  private final long oneLevelBytes;
  private long levelBytes;
  private volatile boolean hasLevelBetween;
  private volatile boolean givingBack;
  private int nextFile;

  static {
    RocksDB.loadLibrary();
  }

  /** @param memtableBytes of which a flush brings about half at a time */
  RocksStore(Path directory, Path ingest, long blockCacheBytes, long memtableBytes) throws IOException {
    this.ingest = ingest;
    this.oneLevelBytes = ONE_LEVEL * memtableBytes;
    this.levelBytes = oneLevelBytes;
    Files.createDirectories(directory);
    Files.createDirectories(ingest);
    deleteLeftOvers(ingest);
    compaction = own(new RateLimiter(COMPACTION_BYTES));
    options = options(blockCacheBytes).setRateLimiter(compaction);
    read = own(new ReadOptions());
    walk = own(new ReadOptions().setFillCache(false));
    synced = own(new WriteOptions().setSync(true));
    unlogged = own(new WriteOptions().setDisableWAL(true));
    try {
      db = RocksDB.open(options, directory.toString());
    } catch (RocksDBException e) {
      closeOwned();
      throw new StorageException("the store in " + directory + " cannot be opened: " + e.getMessage()
          + ". Put the data directory aside and start with an empty one: the other copies fill it", e);
    }
  }

  private static void deleteLeftOvers(Path ingest) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(ingest)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  private <T extends RocksObject> T own(T object) {
    owned.add(object);
    return object;
  }

  private Options options(long blockCacheBytes) {
    Env env = Env.getDefault();
    env.lowerThreadPoolCPUPriority(Priority.LOW);
    env.lowerThreadPoolIOPriority(Priority.LOW);
    var table = new BlockBasedTableConfig().setBlockSize(BLOCK_BYTES).setIndexType(IndexType.kBinarySearch)
        .setBlockCache(own(new LRUCache(blockCacheBytes)))
        .setFilterPolicy(own(new BloomFilter(BLOOM_BITS, false)))
        .setCacheIndexAndFilterBlocks(false).setFormatVersion(5);
    return own(new Options()).setCreateIfMissing(true).setTableFormatConfig(table)
        .setWriteBufferSize(WRITE_BUFFER_BYTES).setMaxWriteBufferNumber(2).setMaxBackgroundJobs(2)
        .setCompressionType(CompressionType.NO_COMPRESSION).setLevelCompactionDynamicLevelBytes(true)
        .setMaxOpenFiles(OPEN_FILES).setKeepLogFileNum(2).setMaxManifestFileSize(16 << 20)
        .setBytesPerSync(1 << 20).setLevel0FileNumCompactionTrigger(FILES_WAIT)
        .setLevel0SlowdownWritesTrigger(4 * FILES_WAIT).setLevel0StopWritesTrigger(8 * FILES_WAIT)
        .setMaxBytesForLevelBase(oneLevelBytes).setTargetFileSizeBase(FILE_BYTES)
        .setTargetFileSizeMultiplier(FILE_GROWS)
        // The eighth of the slots that waits longest: by least overlap one is never chosen, and its files keep level 0 full.
        .setCompactionPriority(CompactionPriority.OldestSmallestSeqFirst).setMaxTotalWalSize(16 << 20)
        .setStatsDumpPeriodSec(0);
  }

  // ---- reading

  byte @Nullable [] get(byte[] key) throws RocksDBException {
    return db.get(read, key);
  }

  /** What is known of a key without the disk: its value, nothing where it is absent; null: only the disk knows. */
  @Nullable
  Optional<byte[]> getFromMemory(byte[] key) {
    var holder = new Holder<byte[]>();
    if (!db.keyMayExist(read, key, holder)) {
      return Optional.empty();
    }
    byte[] value = holder.getValue();
    return value == null ? null : Optional.of(value);
  }

  /** Whether the first bytes of the array are a key that is there. */
  boolean has(byte[] key, int length) throws RocksDBException {
    return db.get(read, key, 0, length, NO_VALUE, 0, 0) != RocksDB.NOT_FOUND;
  }

  /** As of this moment, to be closed by the caller. */
  StoredKeys keys() {
    return new StoredKeys(this, db.newIterator(walk));
  }

  /** Frozen at this moment, to be closed by the caller. */
  StoreView view(byte[] from, byte[] to) {
    return new StoreView(db, from, to);
  }

  ShardRecord record(ShardRange range) {
    try {
      byte[] bytes = get(range.recordKey());
      return bytes == null ? ShardRecord.NONE : ShardRecord.decode(range.shard(), bytes);
    } catch (RocksDBException e) {
      throw new StorageException(
          "the record of shard " + range.shard() + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Bytes in files and in RocksDB's memory, roughly, of each range. */
  long[] sizes(List<ShardRange> ranges) {
    var bounds = new ArrayList<Range>();
    var slices = new ArrayList<Slice>();
    try {
      for (ShardRange range : ranges) {
        var from = new Slice(range.from());
        var to = new Slice(range.to());
        slices.add(from);
        slices.add(to);
        bounds.add(new Range(from, to));
      }
      return db.getApproximateSizes(bounds, SizeApproximationFlag.INCLUDE_FILES,
          SizeApproximationFlag.INCLUDE_MEMTABLES);
    } finally {
      slices.forEach(Slice::close);
    }
  }

  long bytes() throws RocksDBException {
    return db.getLongProperty("rocksdb.total-sst-files-size");
  }

  /** How much the first level below the new files may hold follows the size of the store. To be called each second, by one thread. */
  void shapeLevels() throws RocksDBException {
    long size = db.getLongProperty("rocksdb.live-sst-files-size");
    // Not to and fro where compactions let the size rise and fall.
    hasLevelBetween = size > (hasLevelBetween ? oneLevelBytes : oneLevelBytes / 4 * 5);
    long wanted = hasLevelBetween ? Math.min(oneLevelBytes, size / BETWEEN) : oneLevelBytes;
    if (Math.abs(wanted - levelBytes) > levelBytes / 4) {
      levelBytes = wanted;
      db.setOptions(MutableColumnFamilyOptions.builder().setMaxBytesForLevelBase(wanted).build());
    }
  }

  /** Compaction in a burst would be felt by every client: it gets the rate that it needs. To be called each second. */
  void paceCompaction() throws RocksDBException {
    long due = db.getLongProperty("rocksdb.estimate-pending-compaction-bytes");
    if (due > 0 && !hasLevelBetween) {
      // Of one level RocksDB counts the new files alone, but all of the store is written anew with them.
      due += db.getLongProperty("rocksdb.live-sst-files-size");
    }
    long rate = givingBack
        ? COMPACTION_BYTES_AT_MOST
        : Math.clamp(due / COMPACTION_SECONDS, COMPACTION_BYTES, COMPACTION_BYTES_AT_MOST);
    if (rate != compaction.getBytesPerSecond()) {
      compaction.setBytesPerSecond(rate);
    }
  }

  /** Whether a compaction is due or under way. */
  boolean compacts() throws RocksDBException {
    return db.getLongProperty("rocksdb.compaction-pending") > 0
        || db.getLongProperty("rocksdb.num-running-compactions") > 0;
  }

  // ---- writing: the flusher only

  /** On disk when it returns. */
  void write(WriteBatch batch) throws RocksDBException {
    db.write(synced, batch);
  }

  /** Some time on disk, or after a crash not: for what may as well be done again. */
  void writeSometime(WriteBatch batch) throws RocksDBException {
    db.write(unlogged, batch);
  }

  SstFile newFile() throws RocksDBException {
    return new SstFile(ingest.resolve("ingest-" + nextFile++ + ".sst"), options);
  }

  /** Makes finished files part of the store, all of them or nothing; on disk when it returns. */
  void ingest(List<SstFile> files) throws RocksDBException {
    try (var how = new IngestExternalFileOptions(true, true, true, true)) {
      how.setWriteGlobalSeqno(false);
      db.ingestExternalFile(files.stream().map(file -> file.path().toString()).toList(), how);
    } finally {
      files.forEach(SstFile::discard);
    }
  }

  /** Drops files that hold nothing but this range, which was deleted before. */
  void deleteFiles(ShardRange range) throws RocksDBException {
    db.deleteFilesInRanges(db.getDefaultColumnFamily(), List.of(range.from(), range.to()), false);
  }

  /**
   * Rewrites what overlaps the range, without what was deleted, at full speed. Takes as long as there is to rewrite. One
   * thread at a time.
   */
  void compact(ShardRange range) throws RocksDBException {
    givingBack = true;
    paceCompaction();
    try (var how = new CompactRangeOptions().setExclusiveManualCompaction(false)
        .setBottommostLevelCompaction(
            CompactRangeOptions.BottommostLevelCompaction.kIfHaveCompactionFilter)) {
      db.compactRange(db.getDefaultColumnFamily(), range.from(), range.to(), how);
    } finally {
      givingBack = false;
    }
  }

  void cancelCompactions() {
    db.cancelAllBackgroundWork(false);
  }

  private void closeOwned() {
    for (RocksObject object : owned.reversed()) {
      object.close();
    }
  }

  @Override
  public void close() {
    db.close();
    closeOwned();
  }
}
