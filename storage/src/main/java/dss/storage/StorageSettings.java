package dss.storage;

/**
 * What one server may use of memory and disk.
 *
 * @param segmentBytes size of a log segment, in memory and as a file; a power of two, 4 KiB..64 MiB
 * @param memtableBytes memory of log segments that are not flushed; at least four segments
 * @param recentBytes memory of log segments, those that are not flushed included, up to which what is flushed stays readable
 *     there; 0: it does not
 * @param blockCacheBytes RocksDB's block cache
 * @param readCacheBytes values read from the disk and kept in memory
 * @param keySetBytes memory of what is known of the keys of the store, 10 to 22 bytes each: with more keys a flush asks the
 *     store itself
 * @param logRetainBytes log files kept for copies that are behind; beyond it they get a copy instead
 * @param logHistoryBytes log files kept though nobody asks for them now: a copy that was away for a moment finds
 *     its place again
 * @param diskReserveBytes free space below which {@link dss.core.storage.Storage#diskLow()} is true
 * @param readers threads that read what is cold, 1..16
 */
public record StorageSettings(int segmentBytes, long memtableBytes, long recentBytes, long blockCacheBytes,
    long readCacheBytes, long keySetBytes,
    long logRetainBytes, long logHistoryBytes, long diskReserveBytes, int readers) {
  private static final int MIN_SEGMENT = 4 << 10;
  private static final int MAX_SEGMENT = 64 << 20;

  public StorageSettings {
    if (segmentBytes < MIN_SEGMENT || segmentBytes > MAX_SEGMENT || Integer.bitCount(segmentBytes) != 1) {
      throw new IllegalArgumentException(
          "segment bytes " + segmentBytes + ": a power of two from 4 KiB to 64 MiB");
    }
    if (memtableBytes < 4L * segmentBytes) {
      throw new IllegalArgumentException(
          "memtable bytes " + memtableBytes + ": at least four segments of " + segmentBytes);
    }
    if (recentBytes < 0 || blockCacheBytes < 0 || readCacheBytes < 0 || keySetBytes < 0 || logRetainBytes < 0
        || logHistoryBytes < 0
        || diskReserveBytes < 0) {
      throw new IllegalArgumentException("a size below 0");
    }
    if (readers < 1 || readers > 16) {
      throw new IllegalArgumentException("readers " + readers + ": 1 to 16");
    }
  }

  /** A server of its own machine. */
  public static StorageSettings defaults() {
    return new StorageSettings(16 << 20, 128L << 20, 128L << 20, 128L << 20, 32L << 20, 32L << 20, 1L << 30,
        64L << 20,
        1L << 30, 4);
  }

  /** A few servers on a developer's machine. */
  public static StorageSettings dev() {
    return new StorageSettings(4 << 20, 32L << 20, 32L << 20, 16L << 20, 8L << 20, 8L << 20, 1L << 30,
        16L << 20,
        1L << 30, 4);
  }

  public StorageSettings withSegmentBytes(int bytes) {
    return new StorageSettings(bytes, memtableBytes, recentBytes, blockCacheBytes, readCacheBytes,
        keySetBytes,
        logRetainBytes,
        logHistoryBytes, diskReserveBytes, readers);
  }

  public StorageSettings withMemtableBytes(long bytes) {
    return new StorageSettings(segmentBytes, bytes, recentBytes, blockCacheBytes, readCacheBytes, keySetBytes,
        logRetainBytes,
        logHistoryBytes, diskReserveBytes, readers);
  }

  public StorageSettings withRecentBytes(long bytes) {
    return new StorageSettings(segmentBytes, memtableBytes, bytes, blockCacheBytes, readCacheBytes,
        keySetBytes,
        logRetainBytes,
        logHistoryBytes, diskReserveBytes, readers);
  }

  public StorageSettings withLogBytes(long retain, long history) {
    return new StorageSettings(segmentBytes, memtableBytes, recentBytes, blockCacheBytes, readCacheBytes,
        keySetBytes,
        retain, history,
        diskReserveBytes, readers);
  }

  public StorageSettings withCacheBytes(long block, long read) {
    return new StorageSettings(segmentBytes, memtableBytes, recentBytes, block, read, keySetBytes,
        logRetainBytes,
        logHistoryBytes,
        diskReserveBytes, readers);
  }

  public StorageSettings withKeySetBytes(long bytes) {
    return new StorageSettings(segmentBytes, memtableBytes, recentBytes, blockCacheBytes, readCacheBytes,
        bytes,
        logRetainBytes, logHistoryBytes, diskReserveBytes, readers);
  }

  public StorageSettings withDiskReserveBytes(long bytes) {
    return new StorageSettings(segmentBytes, memtableBytes, recentBytes, blockCacheBytes, readCacheBytes,
        keySetBytes,
        logRetainBytes,
        logHistoryBytes, bytes, readers);
  }
}
