package dss.server;

import dss.core.ecs.ServerReport;
import dss.core.replication.Node;
import dss.core.replication.NodeStatus;
import dss.core.storage.Storage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes a server's reports to the ECS. Keys are counted rarely and in the background: counting looks below. Loop only.
 */
final class Reports {
  private static final long COUNT_AGAIN_MS = 1_000;
  /** Counting under writes may take this part of a thread's time at the most: 1 / 100. */
  private static final long COUNT_REST = 100;

  private final Node node;
  private final Storage storage;
  private final Map<Long, long[]> sentBefore = new HashMap<>();
  private long keys;
  private long countAt = Long.MIN_VALUE / 2;
  private long countUnderWritesAt = Long.MIN_VALUE / 2;
  private long writesBefore = -1;
  private long countedWrites = -1;
  private boolean counting;

  Reports(Node node, Storage storage) {
    this.node = node;
    this.storage = storage;
  }

  ServerReport report(long nowMs, boolean locked) {
    NodeStatus status = node.status();
    var serving = new TreeMap<Integer, Long>();
    var counted = new ArrayList<Integer>();
    int copies = 0;
    int primaries = 0;
    long bytes = 0;
    long lagMs = 0;
    long writes = 0;
    for (NodeStatus.ShardStatus shard : status.shards()) {
      copies += shard.complete() ? 1 : 0;
      bytes += shard.bytes();
      lagMs = Math.max(lagMs, shard.lagMs());
      if (shard.primary()) {
        writes += shard.committed() + shard.shard();
        primaries++;
        counted.add(shard.shard());
      }
      if (shard.serving()) {
        serving.put(shard.shard(), shard.epoch());
      }
    }
    countKeys(nowMs, counted, writes);
    return new ServerReport(node.version(), status.silence(), serving,
        new ServerReport.Copies(primaries, copies, keys, bytes, lagMs), transfers(status, nowMs),
        storage.diskLow(), locked, status.slow().stream()
            .map(slow -> new ServerReport.Slow(slow.server(), slow.tookMs(), slow.othersMs())).toList());
  }

  private void countKeys(long nowMs, List<Integer> shards, long writes) {
    boolean quiet = writes == writesBefore;
    writesBefore = writes;
    if (counting || nowMs < (quiet ? countAt : countUnderWritesAt) || writes == countedWrites) {
      return;
    }
    countedWrites = writes;
    counting = true;
    KeyCount.of(storage, shards, total -> {
      counting = false;
      keys = total;
      long end = SuspendedClock.nowMs();
      countAt = end + COUNT_AGAIN_MS;
      countUnderWritesAt = end + Math.max(COUNT_AGAIN_MS, COUNT_REST * (end - nowMs));
    });
  }

  private List<ServerReport.Transfer> transfers(NodeStatus status, long nowMs) {
    var transfers = new ArrayList<ServerReport.Transfer>();
    var live = new HashMap<Long, long[]>();
    for (NodeStatus.Transfer t : status.transfers()) {
      long id = ((long) t.shard() << 32) | t.to();
      long[] before = sentBefore.getOrDefault(id, new long[]{nowMs, 0});
      long ms = Math.max(1, nowMs - before[0]);
      transfers.add(new ServerReport.Transfer(t.shard(), t.to(), t.done(), t.bytesSent(),
          Math.max(0, t.bytesSent() - before[1]) * 1000 / ms));
      live.put(id, before);
    }
    sentBefore.clear();
    sentBefore.putAll(live);
    return transfers;
  }
}
