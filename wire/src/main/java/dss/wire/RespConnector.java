package dss.wire;

import dss.protocol.Reply;
import dss.protocol.Request;
import dss.protocol.RespLimits;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Makes connections to RESP servers. Safe for any thread. */
public final class RespConnector {
  private final Transport transport;
  private final RespLimits limits;

  /**
   * A connector over the loops of a transport, which it takes in turn.
   *
   * @param limits what a server may answer, {@link RespLimits#CLIENT} as a rule
   */
  public RespConnector(Transport transport, RespLimits limits) {
    this.transport = transport;
    this.limits = limits;
  }

  /**
   * Connects, without blocking; a host name is resolved anew each time, on a thread of its own.
   *
   * @return the connection, or an IOException that says why there is none
   */
  public CompletableFuture<ClientConnection> connect(String host, int port, Duration timeout) {
    if (NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)) {
      return connect(new InetSocketAddress(host, port), timeout);
    }
    var resolved = new CompletableFuture<InetSocketAddress>();
    var resolver = new Thread(() -> resolved.complete(new InetSocketAddress(host, port)), "resolve-" + host);
    resolver.setDaemon(true);
    resolver.start();
    return resolved.thenCompose(address -> connect(address, timeout));
  }

  /** One request on a connection of its own, each step with a bound; without blocking. */
  public CompletableFuture<Reply> ask(String host, int port, Duration connect, Request request,
      Duration reply) {
    return connect(host, port, connect).thenCompose(connection -> connection.send(request)
        .orTimeout(reply.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((answer, failure) -> connection.close()));
  }

  private CompletableFuture<ClientConnection> connect(InetSocketAddress address, Duration timeout) {
    String where = address.getHostString() + ":" + address.getPort();
    var connected = new CompletableFuture<ClientConnection>();
    if (address.isUnresolved()) {
      connected.completeExceptionally(new IOException("no such host: " + address.getHostString()));
      return connected;
    }
    EventLoop loop = transport.next();
    var connection = new ClientConnection(loop, where, limits);
    Bootstrap bootstrap = transport.client(loop)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.SO_KEEPALIVE, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS,
            (int) Math.max(1, Math.min(timeout.toMillis(), 1 << 30)))
        .handler(new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel channel) {
            connection.attach(channel);
          }
        });
    bootstrap.connect(address).addListener(done -> {
      Throwable failure = done.cause();
      if (failure == null) {
        connected.complete(connection);
      } else {
        connected.completeExceptionally(
            new IOException("nobody answers at " + where + ": " + failure.getMessage(), failure));
      }
    });
    return connected;
  }
}
