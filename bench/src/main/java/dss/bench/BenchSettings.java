package dss.bench;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a run depends on.
 *
 * @param servers of Redis: asked in turn for the slots, until one answers; of etcd: all that take load
 * @param pids processes of servers on this machine whose CPU time is told, none as a rule
 * @param seed of the draws: the same seed draws the same keys in the same order for each loop
 * @param stages a file that names stretches of the run while it goes on; null: none
 */
public record BenchSettings(Protocol protocol, List<Endpoint> servers, Load load, KeySpace keySpace,
    List<Long> pids, long seed, @Nullable Path stages) {
  private static final int MOST_PIDS = 1024;
  /** Of all connections' requests together: they have buffers outside the heap. */
  private static final long MOST_BUFFER_BYTES = 256L << 20;

  /** A run whose stretches nobody names. */
  public BenchSettings(Protocol protocol, List<Endpoint> servers, Load load, KeySpace keySpace,
      List<Long> pids,
      long seed) {
    this(protocol, servers, load, keySpace, pids, seed, null);
  }

  public BenchSettings {
    servers = List.copyOf(servers);
    pids = List.copyOf(pids);
    if (servers.isEmpty()) {
      throw new IllegalArgumentException("--server names nobody");
    }
    protocol.check(load);
    if (pids.size() > MOST_PIDS) {
      throw new IllegalArgumentException("--pids names more than " + MOST_PIDS + " processes");
    }
    long bytes = (long) load.connections() * load.pipeline()
        * requestBytes(protocol, load, keySpace);
    if (bytes > MOST_BUFFER_BYTES) {
      throw new IllegalArgumentException("--connections times --pipeline times the request of --size is "
          + (bytes >> 20) + " MB: at most " + (MOST_BUFFER_BYTES >> 20) + " MB are sent at once");
    }
  }

  /** Of the longest request. */
  int requestBytes() {
    return requestBytes(protocol, load, keySpace);
  }

  private static int requestBytes(Protocol protocol, Load load, KeySpace keySpace) {
    long most = load.fill() ? RequestForm.bytes(protocol, Kind.SET, keySpace) : 0;
    for (Mix.Share share : load.mix().shares()) {
      most = Math.max(most, RequestForm.bytes(protocol, share.kind(), keySpace));
    }
    return (int) Math.min(most, Integer.MAX_VALUE);
  }
}
