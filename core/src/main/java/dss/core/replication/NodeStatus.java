package dss.core.replication;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a server tells about itself: to the ECS in its heartbeats, to people in INFO, to the simulator's checks. */
public final class NodeStatus {
  /**
   * @param serving it serves the shard, in this epoch
   * @param lagMs for how long a follower of the in-sync set has owed an answer
   */
  public record ShardStatus(int shard, long epoch, boolean primary, boolean serving, boolean complete,
      long lastSeq, long committed, long bytes, long lagMs) {}

  /** A copy on its way out. */
  public record Transfer(int shard, int to, double done, long bytesSent) {}

  /**
   * A server that is left behind for a while, as its disk drags every write.
   *
   * @param tookMs the median of what it takes until something is durable there
   * @param othersMs the same of the others, when it was found slow
   */
  public record Slow(int server, int tookMs, int othersMs) {}

  private final Node node;

  NodeStatus(Node node) {
    this.node = node;
  }

  public List<Slow> slow() {
    var slow = new ArrayList<Slow>();
    for (PeerLink link : node.links().all()) {
      Slow told = node.slowness().told(link, node.now());
      if (told != null) {
        slow.add(told);
      }
    }
    return slow;
  }

  /** For how long each other server has owed a word, ms; {@link Long#MAX_VALUE} where its process is known gone. */
  public Map<Integer, Long> silence() {
    var silence = new TreeMap<Integer, Long>();
    long now = node.now();
    // It may be asked before the first tick after a pause.
    node.ticks().wake(now);
    for (PeerLink link : node.links().all()) {
      if (link.server == node.self()) {
        continue;
      }
      boolean gone = link.refused && !link.connected;
      silence.put(link.server,
          gone ? Long.MAX_VALUE : link.silence(node.ticks().awakeSince(), now));
    }
    return silence;
  }

  public List<ShardStatus> shards() {
    var shards = new ArrayList<ShardStatus>();
    for (Replica replica : node.replicas()) {
      boolean complete = replica.storage().mark() == dss.core.storage.Mark.COMPLETE;
      if (complete || replica.isPrimary()) {
        shards.add(
            new ShardStatus(replica.shard(), replica.epoch(), replica.isPrimary(), replica.serves(), complete,
                replica.storage().lastSeq(), replica.committed(), replica.storage().bytes(), lagMs(replica)));
      }
    }
    return shards;
  }

  private long lagMs(Replica replica) {
    Primary primary = replica.primary();
    long lag = 0;
    if (primary != null) {
      for (Follower follower : primary.followers().all()) {
        if (replica.row().inSync(follower.link.server) && follower.owes()) {
          lag = Math.max(lag, node.now() - follower.durableAt);
        }
      }
    }
    return lag;
  }

  public List<Transfer> transfers() {
    var transfers = new ArrayList<Transfer>();
    for (Replica replica : node.replicas()) {
      Primary primary = replica.primary();
      if (primary != null) {
        for (Follower follower : primary.followers().all()) {
          CopyOut copy = follower.copy;
          if (copy != null) {
            transfers.add(new Transfer(replica.shard(), follower.link.server, copy.done(), copy.bytesSent()));
          }
        }
      }
    }
    return transfers;
  }

  /** Shards this server is primary of. */
  public int primaries() {
    int count = 0;
    for (Replica replica : node.replicas()) {
      count += replica.isPrimary() ? 1 : 0;
    }
    return count;
  }

  /** Whether this server could answer a read of the shard at this moment. */
  public boolean couldRead(int shard) {
    Primary primary = node.replica(shard).primary();
    return primary != null && primary.serving() && primary.leasesHold();
  }
}
