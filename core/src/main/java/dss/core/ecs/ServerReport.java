package dss.core.ecs;

import java.util.List;
import java.util.Map;

/**
 * What a server tells the ECS in a heartbeat.
 *
 * @param version of the cluster state it has applied
 * @param silence for each other server how long it has been silent, ms; {@link #GONE}: its process is known gone
 * @param serving shards it serves, each with the epoch in which it does
 * @param copies what it holds, in bulk
 * @param transfers copies it sends
 * @param diskLow its disk is below its reserve: nothing more is placed there
 * @param locked somebody holds its writes back on purpose
 * @param slow servers that it leaves behind for a while, as their disks drag every write
 */
public record ServerReport(long version, Map<Integer, Long> silence, Map<Integer, Long> serving,
    Copies copies, List<Transfer> transfers, boolean diskLow, boolean locked, List<Slow> slow) {
  public static final long GONE = Long.MAX_VALUE;
  public static final ServerReport NOTHING = new ServerReport(0, Map.of(), Map.of(),
      new Copies(0, 0, 0, 0, 0),
      List.of(), false, false);

  public ServerReport {
    silence = Map.copyOf(silence);
    serving = Map.copyOf(serving);
    transfers = List.copyOf(transfers);
    slow = List.copyOf(slow);
  }

  /** One that finds nobody slow. */
  public ServerReport(long version, Map<Integer, Long> silence, Map<Integer, Long> serving,
      Copies copies, List<Transfer> transfers, boolean diskLow, boolean locked) {
    this(version, silence, serving, copies, transfers, diskLow, locked, List.of());
  }

  /** Whether it takes this server's copies in for none, for a while. */
  boolean leavesBehind(int server) {
    for (Slow each : slow) {
      if (each.server() == server) {
        return true;
      }
    }
    return false;
  }

  /** @param tookMs the median until something is durable there; @param othersMs the same of the others */
  public record Slow(int server, int tookMs, int othersMs) {}

  /**
   * @param primaries shards it is primary of
   * @param copies complete copies it holds
   * @param keys keys in the shards it is primary of
   * @param bytes of all its copies
   * @param lagMs for how long the backup that is furthest behind has owed an answer
   */
  public record Copies(int primaries, int copies, long keys, long bytes, long lagMs) {}

  /** A copy on its way out; {@code done} 0..1. */
  public record Transfer(int shard, int to, double done, long bytesSent, long bytesPerSecond) {}
}
