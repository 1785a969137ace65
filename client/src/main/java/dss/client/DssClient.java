package dss.client;

import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.Request;
import dss.protocol.RespLimits;
import dss.protocol.Slots;
import dss.wire.RespConnector;
import dss.wire.Transport;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A client of a DSS cluster: finds the server of each key, keeps one connection to each server, and tries again while
 * servers fail, pause, come and go, until the request is done or its retry budget is spent. Safe for any thread.
 *
 * <p>Each write carries a request id (DSS.ONCE), the same at every attempt, so that it takes effect once however often
 * it is sent; reads are sent as they are. A write that is made again by the caller is a new one.
 *
 * <p>Order: a thread's blocking calls take effect one after the other. Asynchronous calls to one key are sent in their
 * order on one connection, but one that has to be tried again may be overtaken by a later one.
 *
 * <p>Errors: {@link DssException.Unavailable} (had no effect), {@link DssException.Uncertain} (a write that may have
 * happened), {@link DssException.Refused} (typed methods only: the server's error). {@code execute} gives errors of the
 * server as {@link Reply.Error}. Blocking methods throw them; futures complete with them.
 *
 * <p>Futures are completed on the client's own threads, which must not be blocked: use the Async methods of
 * CompletableFuture for what may block, and no blocking method of this class in what they call. Cancelling a future
 * of {@code execute} stops the retries, not what was sent.
 */
public final class DssClient implements AutoCloseable {
  /** More do not help below hundreds of thousands of requests a second. */
  private static final int MAX_LOOPS = 2;
  private static final long WATCH_MS = 50;
  /** So that a client that was idle finds its way even where all the servers it knew were replaced since. */
  private static final long REFRESH_SECONDS = 30;
  private static final int CLIENT_ID_BYTES = 16;
  private static final Bytes ONCE = Bytes.utf8("DSS.ONCE");
  private static final Bytes PUT = Bytes.utf8("PUT");
  private static final Bytes GET = Bytes.utf8("GET");
  private static final Bytes DELETE = Bytes.utf8("DELETE");

  private final ClientSettings settings;
  private final Transport transport;
  private final ScheduledThreadPoolExecutor timer;
  private final Servers servers;
  private final Calls calls;
  private final Bytes clientId;
  private final AtomicLong lastSeq = new AtomicLong();

  private DssClient(ClientSettings settings) {
    this.settings = settings;
    byte[] id = new byte[CLIENT_ID_BYTES];
    new SecureRandom().nextBytes(id);
    this.clientId = Bytes.wrap(id);
    this.transport = Transport.create("dss-client",
        Math.min(MAX_LOOPS, Runtime.getRuntime().availableProcessors()));
    this.timer = new ScheduledThreadPoolExecutor(1, task -> {
      var thread = new Thread(task, "dss-client-timer");
      thread.setDaemon(true);
      return thread;
    }, new ThreadPoolExecutor.DiscardPolicy());
    this.servers = new Servers(settings, new RespConnector(transport, RespLimits.CLIENT));
    this.calls = new Calls(settings, servers, timer);
  }

  /** A client of the cluster that these servers belong to. Connects with the first request; does not block. */
  public static DssClient to(Endpoint... seeds) {
    return with(ClientSettings.of(seeds));
  }

  /** A client with these settings. Connects with the first request; does not block. */
  public static DssClient with(ClientSettings settings) {
    var client = new DssClient(settings);
    client.timer.scheduleWithFixedDelay(client::watch, WATCH_MS, WATCH_MS, TimeUnit.MILLISECONDS);
    client.timer.scheduleWithFixedDelay(client::refresh, REFRESH_SECONDS, REFRESH_SECONDS, TimeUnit.SECONDS);
    return client;
  }

  private void watch() {
    calls.watch();
    servers.watch(calls.atlas().servers());
  }

  private void refresh() {
    if (calls.atlas().topology() != null) {
      calls.atlas().refresh();
    }
  }

  // ---- put, get, delete

  /** Sets the value of a key; done when it is on the disk of every in-sync copy. */
  public PutResult put(Bytes key, Bytes value) {
    return join(putAsync(key, value));
  }

  /** {@link #put(Bytes, Bytes)} of UTF-8. */
  public PutResult put(String key, String value) {
    return put(Bytes.utf8(key), Bytes.utf8(value));
  }

  /** The value of a key, empty where it has none. Linearizable. */
  public Optional<Bytes> get(Bytes key) {
    return join(getAsync(key));
  }

  /** {@link #get(Bytes)} of UTF-8. */
  public Optional<String> get(String key) {
    return get(Bytes.utf8(key)).map(Bytes::asUtf8);
  }

  /** Deletes a key; whether there was one. */
  public boolean delete(Bytes key) {
    return join(deleteAsync(key));
  }

  /** {@link #delete(Bytes)} of UTF-8. */
  public boolean delete(String key) {
    return delete(Bytes.utf8(key));
  }

  /** {@link #put(Bytes, Bytes)} without blocking. */
  public CompletableFuture<PutResult> putAsync(Bytes key, Bytes value) {
    return execute(key, Request.wrap(new Bytes[]{PUT, key, value})).thenApply(
        reply -> word(reply, "PUT_SUCCESS", "PUT_UPDATE") ? PutResult.NEW : PutResult.UPDATED);
  }

  /** {@link #get(Bytes)} without blocking. */
  public CompletableFuture<Optional<Bytes>> getAsync(Bytes key) {
    return execute(key, Request.wrap(new Bytes[]{GET, key})).thenApply(reply -> {
      if (reply instanceof Reply.Bulk bulk) {
        return Optional.of(bulk.bytes());
      }
      if (reply instanceof Reply.Null) {
        return Optional.empty();
      }
      throw unexpected(reply);
    });
  }

  /** {@link #delete(Bytes)} without blocking. */
  public CompletableFuture<Boolean> deleteAsync(Bytes key) {
    return execute(key, Request.wrap(new Bytes[]{DELETE, key}))
        .thenApply(reply -> word(reply, "DELETE_SUCCESS", "DELETE_ERROR"));
  }

  private static boolean word(Reply reply, String yes, String no) {
    if (reply instanceof Reply.Simple simple) {
      if (simple.text().equals(yes)) {
        return true;
      }
      if (simple.text().equals(no)) {
        return false;
      }
    }
    throw unexpected(reply);
  }

  private static DssException unexpected(Reply reply) {
    return reply instanceof Reply.Error error
        ? new DssException.Refused(error.text(), null)
        : new DssException.Refused("ERR no reply of a DSS server: " + reply, null);
  }

  // ---- any command

  /**
   * Executes a command with keys, all of one slot. What is not known to be a read is sent as a write, under a request
   * id.
   *
   * @param key one of its keys, which says where it goes
   * @return the reply, also where it is an error that no retry changes
   */
  public CompletableFuture<Reply> execute(Bytes key, Request request) {
    boolean write = !Reads.contains(request.name());
    Request sent = write ? once(request) : request;
    return start(sent, Slots.of(key), write, request);
  }

  /**
   * Executes a command without keys at the first seed that answers, else at any server. May be executed more than once
   * where a reply is lost.
   */
  public CompletableFuture<Reply> executeAny(Request request) {
    return start(request, Call.ANY, false, request);
  }

  /** {@link #execute}, waiting for the reply. */
  public Reply executeBlocking(Bytes key, Request request) {
    return join(execute(key, request));
  }

  /** {@link #executeAny}, waiting for the reply. */
  public Reply executeAnyBlocking(Request request) {
    return join(executeAny(request));
  }

  private CompletableFuture<Reply> start(Request sent, int slot, boolean write, Request original) {
    String name = original.name().toString().toUpperCase(Locale.ROOT);
    var call = new Call(sent, slot, write, name, System.nanoTime() + settings.retryBudget().toNanos());
    calls.start(call);
    return call.future;
  }

  private Request once(Request request) {
    var words = new Bytes[request.size() + 3];
    words[0] = ONCE;
    words[1] = clientId;
    words[2] = Bytes.utf8(Long.toString(lastSeq.incrementAndGet()));
    for (int i = 0; i < request.size(); i++) {
      words[i + 3] = request.get(i);
    }
    return Request.wrap(words);
  }

  /** An interrupt ends the wait, not the request: a write may happen. */
  private static <T> T join(CompletableFuture<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DssException.Uncertain(
          "interrupted while the request was under way: a write may still happen", e);
    } catch (ExecutionException e) {
      throw unwrapped(e.getCause() == null ? e : e.getCause());
    }
  }

  private static RuntimeException unwrapped(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
    if (cause instanceof DssException e) {
      return e.here();
    }
    return new IllegalStateException(cause);
  }

  /** Ends all requests that are under way (with their exceptions) and all connections. */
  @Override
  public void close() {
    calls.close();
    timer.shutdownNow();
    servers.close();
    transport.close();
  }
}
