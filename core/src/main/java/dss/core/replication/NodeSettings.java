package dss.core.replication;

/**
 * Bounds of one server that are its own and not the cluster's; changed while it runs.
 */
public final class NodeSettings {
  /** How long a command may wait in the server before it is appended, ms. */
  public long writeWaitMs = 2_000;
  /** How long an appended write may wait for its fate, ms. */
  public long commitWaitMs = 5_000;
  /** Commands that may wait in one shard; the next is refused. */
  public int parkedAtMost = 10_000;
  /** Entries that one client may be given at once in one append frame, bytes: what a peer frame carries. */
  public int frameBytes = 192 << 10;
  /** Bytes sent to one follower of one shard and not answered, before sending waits. */
  public int windowBytes = 8 << 20;
  /** Copies sent at once by one server. */
  public int copiesOut = 32;
  /** Bytes of copies that are sent a second, at most. */
  public long transferRate = Long.MAX_VALUE;
  /** Chunks of one copy under way. */
  public int chunksUnderWay = 2;
  /** A copy whose chunk is not answered for so long ends, ms. */
  public long copySilenceMs = 500;
  /** Outcomes of one client's requests that a shard remembers at least, and that it counts before it forgets any. */
  public int outcomesKept = 1_000;
  /** No outcome is forgotten for its number before it is so old, ms: a request may be overtaken by others. */
  public long outcomesKeptMs = 60_000;
  /** Bytes of the largest entry: the value limit and a MiB. */
  public long entryBytes = (64L << 20) + (1 << 20);
}
