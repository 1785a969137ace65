package dss.bench;

import dss.wire.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * A tiny member of etcd: keeps what is put and answers as it is told. It reads and writes messages by its own plain
 * means, as etcd's {@code rpc.proto} has them.
 */
final class FakeEtcd implements AutoCloseable {
  /** How a call is answered. */
  enum Answer {
    /** As etcd does. */
    WELL,
    /** With {@code grpc-status} 14 in a reply that has trailers only. */
    UNAVAILABLE,
    /** With {@code grpc-status} 8. */
    NO_SPACE,
    /** The stream is reset. */
    RESET,
    /** The connection is closed. */
    CLOSE,
    /** Never. */
    SILENCE
  }

  private static final byte[] HEADER = {0x0a, 6, 0x08, 1, 0x10, 2, 0x18, 3};

  final Endpoint endpoint;
  final Map<String, String> store = new ConcurrentHashMap<>();
  final AtomicInteger calls = new AtomicInteger();
  /** Told the number of the call, from 1 on. */
  volatile IntFunction<Answer> rule = call -> Answer.WELL;
  private final Channel listener;

  FakeEtcd(Transport transport) {
    this.listener = transport.server(transport.next()).childHandler(new ChannelInitializer<Channel>() {
      @Override
      protected void initChannel(Channel channel) {
        channel.pipeline().addLast(Http2FrameCodecBuilder.forServer().build(),
            new Http2MultiplexHandler(new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel stream) {
                stream.pipeline().addLast(new Call());
              }
            }));
      }
    }).bind("127.0.0.1", 0).syncUninterruptibly().channel();
    this.endpoint = new Endpoint("127.0.0.1", ((InetSocketAddress) listener.localAddress()).getPort());
  }

  @Override
  public void close() {
    listener.close().syncUninterruptibly();
  }

  private final class Call extends ChannelInboundHandlerAdapter {
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private String path = "";

    @Override
    public void channelRead(ChannelHandlerContext stream, Object frame) throws Exception {
      boolean last = false;
      if (frame instanceof Http2HeadersFrame headers) {
        path = headers.headers().path() + " " + headers.headers().get("content-type") + " "
            + headers.headers().get("te");
        last = headers.isEndStream();
      } else if (frame instanceof Http2DataFrame data) {
        data.content().readBytes(message, data.content().readableBytes());
        last = data.isEndStream();
        data.release();
      }
      if (last) {
        answer(stream, rule.apply(calls.incrementAndGet()));
      }
    }

    private void answer(ChannelHandlerContext stream, Answer answer) {
      switch (answer) {
        case WELL -> reply(stream, executed());
        case UNAVAILABLE -> stream.writeAndFlush(
            new DefaultHttp2HeadersFrame(status("14", "etcdserver: no leader").status("200"), true));
        case NO_SPACE -> stream.writeAndFlush(
            new DefaultHttp2HeadersFrame(
                status("8", "etcdserver: mvcc: database space exceeded").status("200"),
                true));
        case RESET -> stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.REFUSED_STREAM));
        case CLOSE -> stream.channel().parent().close();
        case SILENCE -> {
        }
      }
    }

    private static Http2Headers status(String number, String text) {
      return new DefaultHttp2Headers().add("grpc-status", number).add("grpc-message", text);
    }

    private static void reply(ChannelHandlerContext stream, byte[] answer) {
      stream.write(new DefaultHttp2HeadersFrame(
          new DefaultHttp2Headers().status("200").add("content-type", "application/grpc")));
      ByteBuf data = Unpooled.buffer().writeByte(0).writeInt(answer.length).writeBytes(answer);
      // In two frames, so that the prefix comes alone.
      stream.write(new DefaultHttp2DataFrame(data.readRetainedSlice(3)));
      stream.write(new DefaultHttp2DataFrame(data));
      stream.writeAndFlush(
          new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().add("grpc-status", "0"), true));
    }

    private byte[] executed() {
      ByteBuf in = Unpooled.wrappedBuffer(message.toByteArray());
      boolean whole = in.readByte() == 0 && in.readInt() == in.readableBytes();
      String key = whole ? text(in, 1) : "";
      var out = new ByteArrayOutputStream();
      out.writeBytes(HEADER);
      if (path.equals("/etcdserverpb.KV/Put application/grpc trailers")) {
        store.put(key, text(in, 2));
      } else if (path.equals("/etcdserverpb.KV/Range application/grpc trailers") && store.containsKey(key)) {
        byte[] pair = ("\n" + (char) key.length() + key).getBytes(StandardCharsets.ISO_8859_1);
        out.write(0x12);
        out.write(pair.length);
        out.writeBytes(pair);
        out.writeBytes(new byte[]{0x20, 1});
      }
      return out.toByteArray();
    }

    private static String text(ByteBuf in, int field) {
      if (in.readByte() != (field << 3 | 2)) {
        throw new IllegalArgumentException("not field " + field);
      }
      int length = 0;
      int shift = 0;
      byte one;
      do {
        one = in.readByte();
        length |= (one & 0x7f) << shift;
        shift += 7;
      } while (one < 0);
      return in.readCharSequence(length, StandardCharsets.ISO_8859_1).toString();
    }
  }
}
