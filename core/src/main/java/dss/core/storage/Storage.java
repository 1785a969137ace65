package dss.core.storage;

/** What one server keeps on its disk. Loop only, callbacks on the loop, as in {@link ShardStorage}. */
public interface Storage {
  ServerIdentity identity();

  /** Replaces the identity; on disk when it returns (rare: registration only). */
  void saveIdentity(ServerIdentity identity);

  /** Keeps the newest cluster state applied, in the background: for recovery of a lost ECS, never read at work. */
  void saveClusterState(byte[] state);

  /** The copy of a shard, there or not; only once {@link ServerIdentity#shards()} is known. */
  ShardStorage shard(int shard);

  /**
   * Closes what was appended so far into one batch and brings it to the disk, in the background, with one fsync.
   * Returns at once; {@link Listener#synced} comes once for each batch, in order. Nothing to do is no batch.
   */
  void sync();

  /** Batches closed by {@link #sync} and not yet on disk. */
  int syncsInFlight();

  /** False while the memtable is full: writes of clients wait; what comes from a primary is still appended. */
  boolean acceptsWrites();

  /**
   * False while memory is full far beyond that: nothing more may be appended but what a primary needs to become one.
   * {@link Listener#writable} comes after it too.
   */
  boolean acceptsEntries();

  /** Whether the disk is below its reserve. */
  boolean diskLow();

  /** Told of what happens outside a call; always on the loop. */
  interface Listener {
    /** A batch is on disk: {@link ShardStorage#durableSeq()} of its shards has moved. */
    void synced();

    /** {@link Storage#acceptsWrites()} is true again. */
    void writable();
  }
}
