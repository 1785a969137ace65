package dss.client;

import java.time.Duration;
import java.util.List;

/**
 * What a {@link DssClient} needs to know. Immutable.
 *
 * @param seeds servers that are asked first for the topology, at least one; those it names are asked as well
 * @param retryBudget how long one request may take, all its attempts together: 1 ms to 5 min (outcomes of requests,
 *        which make retries exact, are remembered by servers for 10 min)
 * @param connectTimeout of one connection
 * @param replyTimeout silence of a server that owes a reply, after which it is asked whether it lives; where it does
 *        not say so within half of that, its requests are tried elsewhere; also how long a new connection may take
 *        to answer a PING
 * @param retries hears of each retry
 */
public record ClientSettings(List<Endpoint> seeds, Duration retryBudget, Duration connectTimeout,
    Duration replyTimeout, RetryListener retries) {
  private static final Duration RETRY_BUDGET = Duration.ofSeconds(30);
  private static final Duration CONNECT = Duration.ofSeconds(1);
  private static final Duration REPLY = Duration.ofSeconds(1);
  private static final Duration LONGEST_BUDGET = Duration.ofMinutes(5);

  public ClientSettings {
    seeds = List.copyOf(seeds);
    if (seeds.isEmpty()) {
      throw new IllegalArgumentException("at least one server's address is needed");
    }
    requirePositive("retry budget", retryBudget);
    requirePositive("connect timeout", connectTimeout);
    requirePositive("reply timeout", replyTimeout);
    if (retryBudget.compareTo(LONGEST_BUDGET) > 0) {
      throw new IllegalArgumentException(
          "a retry budget is at most 5 minutes: servers do not remember requests much longer");
    }
  }

  /** The defaults: 30 s for a request, 1 s for a connection, 1 s of silence. */
  public static ClientSettings of(Endpoint... seeds) {
    return of(List.of(seeds));
  }

  /** The defaults: 30 s for a request, 1 s for a connection, 1 s of silence. */
  public static ClientSettings of(List<Endpoint> seeds) {
    return new ClientSettings(seeds, RETRY_BUDGET, CONNECT, REPLY, (where, why) -> {});
  }

  public ClientSettings withRetryBudget(Duration budget) {
    return new ClientSettings(seeds, budget, connectTimeout, replyTimeout, retries);
  }

  public ClientSettings withConnectTimeout(Duration timeout) {
    return new ClientSettings(seeds, retryBudget, timeout, replyTimeout, retries);
  }

  public ClientSettings withReplyTimeout(Duration timeout) {
    return new ClientSettings(seeds, retryBudget, connectTimeout, timeout, retries);
  }

  public ClientSettings withRetries(RetryListener listener) {
    return new ClientSettings(seeds, retryBudget, connectTimeout, replyTimeout, listener);
  }

  private static void requirePositive(String what, Duration duration) {
    if (duration.toMillis() < 1) {
      throw new IllegalArgumentException("a " + what + " is at least 1 ms, not " + duration);
    }
  }
}
