package dss.app;

import dss.storage.StorageSettings;

/**
 * One size divided: of {@code --memory}, bin/dss gives 60 % to the heap (log segments that are the memtable live
 * there), the rest is the block cache and what the JVM and RocksDB need beside.
 */
final class Memory {
  private static final long LEAST = 128L << 20;
  private static final int SEGMENT = 16 << 20;
  private static final int SMALL_SEGMENT = 4 << 20;

  private Memory() {}

  static StorageSettings divide(long memory, long logRetain, long diskReserve) throws CommandFailed {
    if (memory < LEAST) {
      throw new CommandFailed(Exit.USAGE, "--memory is at least 128m");
    }
    int segment = memory >= 512L << 20 ? SEGMENT : SMALL_SEGMENT;
    StorageSettings base = memory >= 512L << 20 ? StorageSettings.defaults() : StorageSettings.dev();
    long memtable = Math.max(4L * segment, memory / 5);
    return base.withSegmentBytes(segment).withMemtableBytes(memtable)
        .withRecentBytes(Math.max(memtable, memory / 4))
        .withCacheBytes(memory / 5, memory / 20).withKeySetBytes(memory / 20)
        .withLogBytes(logRetain, Math.min(logRetain, base.logHistoryBytes()))
        .withDiskReserveBytes(diskReserve);
  }
}
