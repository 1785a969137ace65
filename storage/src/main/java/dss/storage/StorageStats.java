package dss.storage;

/**
 * What the storage did and holds, for INFO. Counters run from the start of the process; sizes are of this moment,
 * those of the store up to a second old.
 *
 * @param fsyncs calls of fdatasync on log files
 * @param longestFsyncMs the slowest of them
 * @param logBytesAppended bytes of entries and block headers handed to the log's thread
 * @param logSegmentsLive segment files that belong to the log
 * @param logSegmentsRecycled times that a file was reused
 * @param logBytesLive size of those files
 * @param memtableBytes memory of segments that are not flushed
 * @param recentBytes memory of segments that are flushed and kept to be read from
 * @param flushes flushes done
 * @param flushing whether one is under way
 * @param storeBytes RocksDB's files
 * @param readsFromDisk keys fetched by warm
 * @param diskFreeBytes usable space where the data directory lies
 */
public record StorageStats(long fsyncs, long longestFsyncMs, long logBytesAppended, int logSegmentsLive,
    long logSegmentsRecycled, long logBytesLive, long memtableBytes, long recentBytes, long flushes,
    boolean flushing,
    long storeBytes,
    long readsFromDisk, long diskFreeBytes) {}
