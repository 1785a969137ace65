package dss.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP/2 side of one connection to etcd, with at most one call under way: no channel and no object for a stream,
 * since the client's CPU time is taken from the servers on the same machine. Loop only.
 */
final class GrpcHandler extends Http2ConnectionHandler {
  private static final String STATUS = "grpc-status";
  private static final String MESSAGE = "grpc-message";
  /** As much of a reply as the server may send before it is told to go on. */
  private static final int WINDOW_BYTES = 1 << 20;

  private final String server;
  private final Wire.Events events;
  private final EtcdReply reply = new EtcdReply();
  private @Nullable ChannelHandlerContext context;
  /** Of the call under way, 0: there is none. */
  private int stream;
  private boolean reading;
  private boolean ready;
  private boolean answered;
  private boolean ended;

  private GrpcHandler(Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, String server,
      Wire.Events events) {
    super(decoder, encoder,
        Http2Settings.defaultSettings().pushEnabled(false).initialWindowSize(WINDOW_BYTES));
    this.server = server;
    this.events = events;
    decoder.frameListener(new Frames());
  }

  /** The handler of a connection that is not made yet. */
  static GrpcHandler create(String server, Wire.Events events) {
    var connection = new DefaultHttp2Connection(false);
    connection.remote().flowController(
        new DefaultHttp2RemoteFlowController(connection, new UniformStreamByteDistributor(connection)));
    var encoder = new DefaultHttp2ConnectionEncoder(connection, new DefaultHttp2FrameWriter());
    var decoder = new DefaultHttp2ConnectionDecoder(connection, encoder, new DefaultHttp2FrameReader(false));
    return new GrpcHandler(decoder, encoder, server, events);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) throws Exception {
    context = added;
    super.handlerAdded(added);
  }

  /** Sends a call with this message; its outcome is told, later. A reply to a read can lack the key. */
  void call(Http2Headers headers, ByteBuffer message, boolean reads) {
    ChannelHandlerContext to = context;
    if (to == null || ended) {
      return;
    }
    stream = connection().local().incrementAndGetNextStreamId();
    if (stream < 0) {
      failed("a connection to " + server + " has used all its streams");
      return;
    }
    reading = reads;
    reply.reset();
    ByteBuf data = to.alloc().directBuffer(message.remaining()).writeBytes(message);
    encoder().writeHeaders(to, stream, headers, 0, false, to.newPromise());
    encoder().writeData(to, stream, data, 0, true, to.newPromise());
    flush(to);
  }

  /** Nothing is told any more. */
  void end() {
    ended = true;
    if (context != null) {
      // Past this handler, which would wait for what is under way.
      context.close();
    }
  }

  /** The connection is of no use. */
  void failed(String why) {
    failed(new IOException(why));
  }

  private void failed(IOException why) {
    if (!ended) {
      end();
      events.lost(why);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext from) throws Exception {
    if (answered && !ended) {
      answered = false;
      guarded(() -> events.caughtUp(System.nanoTime()));
    }
    super.channelReadComplete(from);
  }

  @Override
  public void channelInactive(ChannelHandlerContext from) throws Exception {
    failed(server + " has closed a connection");
    super.channelInactive(from);
  }

  @Override
  public void onError(ChannelHandlerContext from, boolean outbound, Throwable cause) {
    failed(new IOException(ready
        ? server + ": " + cause.getMessage()
        : server + " does not speak HTTP/2 as etcd does without TLS", cause));
  }

  private interface Step {
    void run() throws IOException;
  }

  private void guarded(Step step) {
    try {
      step.run();
    } catch (IOException e) {
      failed(e);
    } catch (RuntimeException e) {
      events.broken(e);
    }
  }

  private void ended(int id, @Nullable String error) {
    if (id != stream || ended) {
      return;
    }
    stream = 0;
    answered = true;
    long now = System.nanoTime();
    guarded(() -> {
      if (error == null) {
        events.answered(reading && !reply.hasKey(), now);
      } else {
        events.refused(error, now);
      }
    });
  }

  /** What the server sends. */
  private final class Frames extends Http2EventAdapter {
    @Override
    public void onSettingsRead(ChannelHandlerContext from, Http2Settings settings) {
      if (!ready && !ended) {
        ready = true;
        guarded(events::connected);
      }
    }

    @Override
    public void onHeadersRead(ChannelHandlerContext from, int id, Http2Headers headers, int dependency,
        short weight, boolean exclusive, int padding, boolean last) {
      onHeadersRead(from, id, headers, padding, last);
    }

    @Override
    public void onHeadersRead(ChannelHandlerContext from, int id, Http2Headers headers, int padding,
        boolean last) {
      if (last) {
        CharSequence status = headers.get(STATUS);
        ended(id, status != null && GrpcStatus.OK.contentEquals(status)
            ? null
            : GrpcStatus.line(status, headers.get(MESSAGE)));
      }
    }

    @Override
    public int onDataRead(ChannelHandlerContext from, int id, ByteBuf data, int padding, boolean last) {
      if (id == stream) {
        reply.take(data);
      }
      if (last) {
        ended(id, GrpcStatus.line(null, "a reply without a status"));
      }
      return data.readableBytes() + padding;
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext from, int id, long error) {
      ended(id, GrpcStatus.UNAVAILABLE + " the server has given a call up: error " + error + " of HTTP/2");
    }

    @Override
    public void onGoAwayRead(ChannelHandlerContext from, int lastStream, long error, ByteBuf why) {
      failed(server + " ends its connections");
    }
  }
}
