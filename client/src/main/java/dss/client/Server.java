package dss.client;

import dss.protocol.Reply;
import dss.protocol.Request;
import dss.wire.ClientConnection;
import dss.wire.RespConnector;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one connection to a server, made when it is needed and has answered a PING; requests are sent in the order they
 * were given. A server that owes replies and is silent is asked on a second connection whether it lives: a request may
 * rightly wait in it for seconds, a stopped process must not be waited for. Safe for any thread.
 *
 * <p>States: idle -> connecting -> connected -> idle (closed, or lost); where connecting fails or the server is found
 * silent it is avoided for a moment.
 */
final class Server {
  /** How long a server that failed is not tried: short beside a failover, long beside a refused connection. */
  private static final long AVOID_NANOS = 500_000_000L;
  /** Reply timeouts after which a connection is given up even where the server lives: nothing waits in it longer than 5 s. */
  private static final int LONGEST_WAIT = 10;
  /** How long others are asked first what is where: until a server that is cut off has most likely been replaced. */
  private static final long DOUBT_NANOS = 2_000_000_000L;
  private static final String NOT_KEPT = "the connection is not kept any more";
  private static final Request PING = Request.of("PING");

  /** What becomes of a request: unless it ended before it began, one of the last two is called, on a client's thread. */
  interface Sending {
    Request request();

    /** It is about to be given to the connection, and may take effect from now on; false: it is not wanted any more. */
    boolean begin();

    void replied(Reply reply);

    /** A {@link dss.wire.ConnectionLost}, or another IOException where it was not sent. */
    void failed(Throwable cause);
  }

  private record Sent(Sending sending, CompletableFuture<Reply> reply) {}

  private final Endpoint endpoint;
  private final RespConnector connector;
  private final Duration connectTimeout;
  private final long replyNanos;
  /** Guarded by this. */
  private final ArrayDeque<Sending> waiting = new ArrayDeque<>();
  private boolean connecting;
  private boolean closed;
  private volatile @Nullable ClientConnection connection;
  /** It has failed, and has not answered since: less time is given to it. */
  private volatile boolean suspect;
  private volatile String failure = "it has not been tried";
  private volatile long avoidedUntil = System.nanoTime();
  private volatile long doubtedUntil = avoidedUntil;
  private volatile long progressAt = avoidedUntil;
  private volatile long probedAt = avoidedUntil;

  Server(Endpoint endpoint, RespConnector connector, ClientSettings settings) {
    this.endpoint = endpoint;
    this.connector = connector;
    this.connectTimeout = settings.connectTimeout();
    this.replyNanos = settings.replyTimeout().toNanos();
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /** It refuses what it should do, or lets it wait: it may be cut off from the others, and not know what is where. */
  void doubt() {
    doubtedUntil = System.nanoTime() + DOUBT_NANOS;
  }

  boolean isDoubted() {
    return System.nanoTime() - doubtedUntil < 0;
  }

  /** Whether it failed a moment ago. */
  boolean isAvoided() {
    return avoidedUntil - System.nanoTime() > 0;
  }

  boolean isConnected() {
    ClientConnection now = connection;
    return now != null && now.isOpen();
  }

  boolean isIdle() {
    ClientConnection now = connection;
    synchronized (this) {
      return waiting.isEmpty() && !connecting && (now == null || now.openRequests() == 0);
    }
  }

  void send(Sending sending) {
    var sent = new ArrayList<Sent>(1);
    boolean refused;
    synchronized (this) {
      refused = closed;
      ClientConnection now = connection;
      if (!closed && now != null && now.isOpen()) {
        give(now, sending, sent);
      } else if (!closed) {
        waiting.add(sending);
        connect();
      }
    }
    if (refused) {
      sending.failed(new IOException(NOT_KEPT));
    }
    sent.forEach(this::await);
  }

  private void give(ClientConnection to, Sending sending, List<Sent> sent) {
    if (to.openRequests() == 0) {
      progressAt = System.nanoTime();
    }
    if (sending.begin()) {
      sent.add(new Sent(sending, to.send(sending.request())));
    }
  }

  private void await(Sent sent) {
    sent.reply.whenComplete((reply, failure) -> {
      if (failure == null) {
        progressAt = System.nanoTime();
        sent.sending.replied(reply);
      } else {
        sent.sending.failed(failure);
      }
    });
  }

  // ---- connecting

  /** Under the lock. */
  private void connect() {
    if (!connecting) {
      connecting = true;
      connector.connect(endpoint.host(), endpoint.port(), connectTimeout)
          .thenCompose(fresh -> greet(fresh, suspect ? replyNanos / 2 : replyNanos))
          .whenComplete(this::connected);
    }
  }

  /** A stopped process is connected to by its system all the same: it has to answer. */
  private CompletableFuture<ClientConnection> greet(ClientConnection fresh, long nanos) {
    return fresh.send(PING).orTimeout(nanos, TimeUnit.NANOSECONDS).handle((reply, failure) -> {
      if (failure == null) {
        return fresh;
      }
      fresh.close();
      throw new java.util.concurrent.CompletionException(
          new IOException(endpoint + " is connected but does not answer", failure));
    });
  }

  private void connected(@Nullable ClientConnection fresh, @Nullable Throwable thrown) {
    var sent = new ArrayList<Sent>();
    List<Sending> failed;
    synchronized (this) {
      connecting = false;
      if (fresh != null && !closed) {
        connection = fresh;
        progressAt = System.nanoTime();
        avoidedUntil = progressAt;
        suspect = false;
        waiting.forEach(sending -> give(fresh, sending, sent));
        waiting.clear();
      }
      failed = List.copyOf(waiting);
      waiting.clear();
    }
    IOException cause = unsent(thrown);
    if (fresh == null) {
      avoid(String.valueOf(cause.getMessage()));
    } else if (!isConnected()) {
      fresh.close();
    }
    sent.forEach(this::await);
    failed.forEach(sending -> sending.failed(cause));
  }

  private static IOException unsent(@Nullable Throwable failure) {
    if (failure == null) {
      return new IOException(NOT_KEPT);
    }
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return failure instanceof IOException e ? e : new IOException(String.valueOf(cause.getMessage()), cause);
  }

  /** Why it is avoided, as far as it is. */
  String failure() {
    return endpoint + ": " + failure;
  }

  private void avoid(String why) {
    failure = why;
    suspect = true;
    avoidedUntil = System.nanoTime() + AVOID_NANOS;
  }

  // ---- watching

  /** To be called now and then: looks whether a silent server still lives. Does not block. */
  void watch() {
    ClientConnection now = connection;
    if (now == null || !now.isOpen() || now.openRequests() == 0) {
      return;
    }
    long nanos = System.nanoTime();
    long silent = nanos - progressAt;
    if (silent >= LONGEST_WAIT * replyNanos) {
      giveUp(now);
    } else if (silent >= replyNanos && nanos - probedAt >= replyNanos) {
      probedAt = nanos;
      probe(now);
    }
  }

  private void probe(ClientConnection silent) {
    connector.connect(endpoint.host(), endpoint.port(), connectTimeout)
        .thenCompose(fresh -> greet(fresh, replyNanos / 2)).whenComplete((second, failure) -> {
          if (second != null) {
            second.close();
          } else if (System.nanoTime() - progressAt >= replyNanos) {
            giveUp(silent);
          }
        });
  }

  private void giveUp(ClientConnection silent) {
    avoid("it was silent and did not say that it lives");
    silent.close();
  }

  void close() {
    List<Sending> failed;
    synchronized (this) {
      closed = true;
      failed = List.copyOf(waiting);
      waiting.clear();
    }
    ClientConnection now = connection;
    if (now != null) {
      now.close();
    }
    failed.forEach(sending -> sending.failed(new IOException(NOT_KEPT)));
  }
}
