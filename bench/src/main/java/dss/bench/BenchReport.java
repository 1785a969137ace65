package dss.bench;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a run has measured. Immutable.
 *
 * @param cluster whether the servers are a cluster, false for one server without slots
 * @param servers at the end
 * @param connections that were made: at least one to each server
 * @param seconds from the first request to the last reply
 * @param kinds those of the mix
 * @param all of them together
 * @param errors operations that failed, by the first word of the error
 * @param examples a whole error of each word
 * @param retries operations that were sent again, by the first word of the error, DISCONNECTED for a lost connection
 * @param redirects answers that another server owns the slot
 * @param unsent operations of an open loop that were due before its end and could not be sent
 * @param unanswered operations whose replies did not come within five seconds after the end
 * @param perSecond in their order
 * @param stages what a file named them; none where there was no such file
 * @param cpu seconds between begin and end
 * @param warmupOperations done before, not measured
 * @param fill how long writing all keys took before, in seconds; null where that was not asked for
 */
public record BenchReport(BenchSettings settings, Instant started, boolean cluster, List<Endpoint> servers,
    int connections, double seconds, List<KindReport> kinds, KindReport all, Map<String, Long> errors,
    Map<String, String> examples, Map<String, Long> retries, long redirects, long reconnects, long unsent,
    long unanswered, List<Second> perSecond, List<StageReport> stages, Cpu cpu, long warmupOperations,
    @Nullable Double fill) {

  /**
   * CPU seconds.
   *
   * @param process of all threads of the load generator
   * @param loops of those that send and receive
   * @param servers by process id; one that ended is missing
   */
  public record Cpu(double process, double loops, Map<Long, Double> servers) {}

  public BenchReport {
    servers = List.copyOf(servers);
    kinds = List.copyOf(kinds);
    perSecond = List.copyOf(perSecond);
    stages = List.copyOf(stages);
  }

  /** Those in which the load went on to the end: the last one is rarely whole. */
  List<Second> wholeSeconds() {
    return perSecond.stream().filter(one -> one.second() + 1 <= seconds).toList();
  }

  /** The second with the fewest operations, of those that were whole. */
  public Optional<Second> worstSecond() {
    return wholeSeconds().stream().min(Comparator.comparingLong(Second::operations));
  }

  /** Seconds of something as seconds a million operations. */
  double perMillion(double cpuSeconds) {
    return all.operations() == 0 ? 0 : cpuSeconds * 1e6 / all.operations();
  }
}
