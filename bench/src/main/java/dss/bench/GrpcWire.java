package dss.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One call of etcd after the other over an HTTP/2 connection of its own. Loop only. */
final class GrpcWire implements Wire {
  private final LoadLoop loop;
  private final Wire.Events events;
  private final ByteBuffer message;
  private final Map<Kind, Http2Headers> headers = new EnumMap<>(Kind.class);
  private @Nullable GrpcHandler handler;
  private Kind kind = Kind.SET;

  /** A wire that is closed, for requests of so many bytes at most. */
  GrpcWire(LoadLoop loop, Wire.Events events, int requestBytes) {
    this.loop = loop;
    this.events = events;
    this.message = ByteBuffer.allocateDirect(requestBytes);
  }

  @Override
  public void open(Lane lane) throws IOException {
    if (lane.address().isUnresolved()) {
      throw new IOException("no such host: " + lane.endpoint().host());
    }
    headers.clear();
    for (Kind kind : Kind.values()) {
      if (Protocol.ETCD.has(kind)) {
        headers.put(kind, headers(kind, lane.endpoint()));
      }
    }
    GrpcHandler made = GrpcHandler.create(lane.endpoint().toString(), events);
    handler = made;
    ChannelFuture connected = new Bootstrap().group(loop.eventLoop()).channel(EpollSocketChannel.class)
        .handler(made).option(ChannelOption.TCP_NODELAY, true).connect(lane.address());
    connected.addListener(done -> {
      if (done.cause() != null) {
        made.failed("nobody answers at " + lane.endpoint() + ": " + done.cause().getMessage());
      }
    });
  }

  private static Http2Headers headers(Kind kind, Endpoint server) {
    return ReadOnlyHttp2Headers.clientHeaders(false, AsciiString.of("POST"),
        AsciiString.of(EtcdRequests.path(kind)),
        AsciiString.of("http"), AsciiString.of(server.toString()), AsciiString.of("content-type"),
        AsciiString.of("application/grpc"), AsciiString.of("te"), AsciiString.of("trailers"));
  }

  @Override
  public void add(Kind added, long key) {
    message.clear();
    message.limit(loop.form(added).write(message, 0, key));
    kind = added;
  }

  @Override
  public void send() {
    Http2Headers call = headers.get(kind);
    if (handler != null && call != null) {
      handler.call(call, message, kind == Kind.GET);
    }
  }

  @Override
  public void close() {
    if (handler != null) {
      handler.end();
      handler = null;
    }
  }
}
