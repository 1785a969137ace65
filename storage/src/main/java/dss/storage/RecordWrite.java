package dss.storage;

/**
 * Writes a shard's record, wiping its range in the same batch where there is something; both are on disk before
 * {@code done}, which runs on the flusher.
 */
record RecordWrite(int shard, ShardRecord record, Runnable done) implements Flusher.Task {
  @Override
  public void run() {
    throw new IllegalStateException("records are written in groups");
  }
}
