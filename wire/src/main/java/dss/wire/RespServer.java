package dss.wire;

import dss.protocol.Reply;
import dss.protocol.RespLimits;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Listens for Redis clients. All its connections live on one event loop, on which its handler is called; replies leave
 * in the order of requests, once per turn of the loop.
 */
public final class RespServer implements AutoCloseable {
  /** Connections the system accepts before we do: a burst of clients that all connect again. */
  private static final int BACKLOG = 1024;
  private static final int SCRATCH_BYTES = 64 * 1024;
  private static final Reply TOO_MANY_CLIENTS = Reply.error("ERR max number of clients reached");
  /** How often idle connections are looked for. */
  private static final long IDLE_CHECK_SECONDS = 1;
  private static final int KEEP_ALIVE_PROBES = 3;

  private final EventLoop loop;
  private final boolean epoll;
  private final RespLimits limits;
  private final RequestHandler handler;
  private final WireSettings settings;
  private final Flusher flusher;
  private final byte[] scratch = new byte[SCRATCH_BYTES];
  private final Map<Long, RespConnection> connections = new LinkedHashMap<>();
  private volatile int connectionCount;
  private long accepted;
  private long refused;
  private Totals closedTotals = new Totals(0, 0, 0);
  private Channel listener;
  private Future<?> idleCheck;

  /** Requests, bytes received and bytes sent. */
  public record Totals(long commands, long bytesIn, long bytesOut) {
    private Totals plus(RespConnection connection) {
      return new Totals(commands + connection.commands(), bytesIn + connection.bytesIn(),
          bytesOut + connection.bytesOut());
    }
  }

  private RespServer(Transport transport, EventLoop loop, String host, int port, RespLimits limits,
      RequestHandler handler, WireSettings settings) throws IOException {
    this.loop = loop;
    this.epoll = transport.isEpoll();
    this.limits = limits;
    this.handler = handler;
    this.settings = settings;
    this.flusher = new Flusher(loop);
    this.listener = bind(transport.server(loop), host, port);
    this.idleCheck = loop.scheduleWithFixedDelay(this::closeIdle, IDLE_CHECK_SECONDS, IDLE_CHECK_SECONDS,
        TimeUnit.SECONDS);
  }

  /** Listens with the default {@link WireSettings}. */
  public static RespServer listen(Transport transport, EventLoop loop, String host, int port,
      RespLimits limits,
      RequestHandler handler) throws IOException {
    return listen(transport, loop, host, port, limits, handler, new WireSettings());
  }

  /**
   * Listens; connections are accepted when this returns. Not to be called on a loop.
   *
   * @param port 0: any free one, see {@link #port}
   * @throws IOException that says why not and what to do, in one sentence
   */
  public static RespServer listen(Transport transport, EventLoop loop, String host, int port,
      RespLimits limits,
      RequestHandler handler, WireSettings settings) throws IOException {
    return new RespServer(transport, loop, host, port, limits, handler, settings);
  }

  private Channel bind(ServerBootstrap bootstrap, String host, int port) throws IOException {
    var address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new IOException(
          "cannot listen on " + host + ":" + port + ": no such host; give an address of this machine");
    }
    ChannelFuture bound = bootstrap.option(ChannelOption.SO_REUSEADDR, true)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .childHandler(new ChannelInitializer<SocketChannel>() {
          @Override
          protected void initChannel(SocketChannel channel) {
            accept(channel);
          }
        })
        .bind(address)
        .awaitUninterruptibly();
    Throwable failure = bound.cause();
    if (failure != null) {
      throw new IOException(whyNot(host + ":" + port, String.valueOf(failure.getMessage())), failure);
    }
    return bound.channel();
  }

  private static String whyNot(String address, String message) {
    if (message.contains("in use")) {
      return "cannot listen on " + address
          + ": the address is in use; stop the process that listens there or choose another port";
    }
    if (message.contains("assign")) {
      return "cannot listen on " + address + ": it is no address of this machine; choose another host";
    }
    if (message.contains("ermission denied")) {
      return "cannot listen on " + address + ": not permitted; choose a port above 1023";
    }
    return "cannot listen on " + address + ": " + message;
  }

  // ---- connections, on the loop

  private void accept(SocketChannel channel) {
    keepAlive(channel);
    if (connections.size() >= settings.maxClients()) {
      refused++;
      channel.pipeline().addLast(new Refusing(TOO_MANY_CLIENTS));
      return;
    }
    var connection = new RespConnection(++accepted, channel, this);
    connections.put(connection.id(), connection);
    connectionCount = connections.size();
    channel.pipeline().addLast(new ConnectionHandler(this, connection));
    connection.opened();
  }

  private void keepAlive(SocketChannel channel) {
    int seconds = settings.tcpKeepAliveSeconds();
    if (seconds > 0) {
      channel.config().setKeepAlive(true);
      if (epoll) {
        channel.config().setOption(EpollChannelOption.TCP_KEEPIDLE, seconds);
        channel.config().setOption(EpollChannelOption.TCP_KEEPINTVL,
            Math.max(1, seconds / KEEP_ALIVE_PROBES));
        channel.config().setOption(EpollChannelOption.TCP_KEEPCNT, KEEP_ALIVE_PROBES);
      }
    }
  }

  void remove(RespConnection connection) {
    connections.remove(connection.id());
    closedTotals = closedTotals.plus(connection);
    connectionCount = connections.size();
  }

  private void closeIdle() {
    if (settings.idleTimeoutSeconds() > 0) {
      long nowMs = System.currentTimeMillis();
      for (RespConnection connection : List.copyOf(connections.values())) {
        connection.closeIfIdle(nowMs);
      }
    }
  }

  /** Those that are open, oldest first. On the loop; not to be changed. */
  public Collection<RespConnection> connections() {
    return Collections.unmodifiableCollection(connections.values());
  }

  /** The open connection of this id, or null. On the loop. */
  public @Nullable RespConnection connection(long id) {
    return connections.get(id);
  }

  /** Open connections. Any thread. */
  public int connectionCount() {
    return connectionCount;
  }

  /** What passed through all connections since the start. On the loop. */
  public Totals totals() {
    Totals totals = closedTotals;
    for (RespConnection connection : connections.values()) {
      totals = totals.plus(connection);
    }
    return totals;
  }

  /** Connections since the start, those that were one too many left out. On the loop. */
  public long acceptedConnections() {
    return accepted;
  }

  /** Connections that were one too many. On the loop. */
  public long refusedConnections() {
    return refused;
  }

  // ---- the server

  public EventLoop loop() {
    return loop;
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  public int port() {
    return address().getPort();
  }

  public WireSettings settings() {
    return settings;
  }

  RespLimits limits() {
    return limits;
  }

  RequestHandler handler() {
    return handler;
  }

  Flusher flusher() {
    return flusher;
  }

  byte[] scratch() {
    return scratch;
  }

  /**
   * Stops listening and closes all connections; waits for the former unless called on the loop. Where the loop is
   * stopping already, it does all that.
   */
  @Override
  public void close() {
    idleCheck.cancel(false);
    if (loop.isShuttingDown()) {
      return;
    }
    ChannelFuture closed = listener.close();
    loop.execute(() -> List.copyOf(connections.values()).forEach(RespConnection::close));
    if (!loop.inEventLoop()) {
      closed.awaitUninterruptibly();
    }
  }
}
