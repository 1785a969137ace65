package dss.bench;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How much is sent, by how many, and for how long.
 *
 * @param connections closed-loop clients, spread over the servers
 * @param pipeline requests that each of them sends at once
 * @param threads event loops that share the connections
 * @param rate operations a second that are due whatever the replies (open loop); 0: as fast as replies come
 * @param requests operations in all; 0: until {@code time} is over
 * @param time of the measured load, zero where {@code requests} bounds it
 * @param warmup load before it that is not measured
 * @param timeout without a reply for so long a connection is given up and made again
 * @param fill whether every key is written once before all that
 * @param clients how the connections are used
 */
public record Load(Mix mix, int connections, int pipeline, int threads, double rate, long requests,
    Duration time, Duration warmup, Duration timeout, boolean fill, Clients clients) {
  private static final int MOST_CONNECTIONS = 10_000;
  private static final int MOST_PIPELINE = 4096;
  private static final int MOST_THREADS = 64;
  private static final double MOST_RATE = 100_000_000;
  private static final long MOST_REQUESTS = 1_000_000_000_000L;
  /** A row is kept of each second. */
  private static final Duration LONGEST = Duration.ofHours(24);
  private static final Duration USUAL = Duration.ofSeconds(10);

  /**
   * How connections are used.
   *
   * @param roam whether each of {@code connections} is a client of all servers: it has one operation at a time, with
   *     whichever server has the key, and a connection to each
   * @param reconnect whether each batch is sent over a new connection
   */
  public record Clients(boolean roam, boolean reconnect) {
    /** Connections that stay with their servers, and stay. */
    public static final Clients USUAL = new Clients(false, false);
  }

  public Load {
    between(clients.roam() ? "--clients" : "--connections", connections, 1, MOST_CONNECTIONS);
    between("--pipeline", pipeline, 1, MOST_PIPELINE);
    between("--threads", threads, 1, MOST_THREADS);
    between("--requests", requests, 0, MOST_REQUESTS);
    between("--seconds", time.toSeconds(), 0, LONGEST.toSeconds());
    between("--warmup", warmup.toSeconds(), 0, LONGEST.toSeconds());
    between("--timeout in ms", timeout.toMillis(), 1, LONGEST.toMillis());
    if (threads > connections) {
      throw new IllegalArgumentException(
          "--threads " + threads + " wants as many --connections, there are " + connections);
    }
    if (!(rate == 0 || (rate >= 0.1 && rate <= MOST_RATE))) {
      throw new IllegalArgumentException("--rate is 0.1 to a hundred million a second, not " + rate);
    }
    if (clients.roam() && (pipeline > 1 || rate > 0)) {
      throw new IllegalArgumentException(
          "--clients have one operation at a time: they go with neither --pipeline nor --rate");
    }
    if (requests == 0 == time.isZero()) {
      throw new IllegalArgumentException("a load ends after --requests or after --seconds");
    }
  }

  /** What bounds a load: ten seconds where nothing was said; IllegalArgumentException where both were. */
  public static Duration time(@Nullable Long requests, @Nullable Duration time) {
    if (requests != null && time != null) {
      throw new IllegalArgumentException("give --requests or --seconds, not both");
    }
    return requests != null ? Duration.ZERO : time != null ? time : USUAL;
  }

  /** How many connections one loop has when there are so many servers. */
  int connectionsOf(int loop, int servers) {
    int share = Spread.share(loop, connections, threads);
    return clients.roam() ? share * servers : Math.max(servers, share);
  }

  private static void between(String option, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(option + " is " + least + " to " + most + ", not " + value);
    }
  }
}
