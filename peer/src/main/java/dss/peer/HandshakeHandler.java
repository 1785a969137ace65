package dss.peer;

import dss.core.binary.BinaryReader;
import dss.core.binary.BinaryReader.MalformedException;
import dss.core.binary.BinaryWriter;
import dss.protocol.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Both ends of the handshake, and the messages after it. States: waiting for the other's hello (listener) or welcome
 * (dialer), waiting for the proof (listener), open.
 */
final class HandshakeHandler extends SimpleChannelInboundHandler<ByteBuf> {
  private static final Logger LOG = LoggerFactory.getLogger(HandshakeHandler.class);
  private static final int HELLO_BYTES = 4096;
  private static final long HANDSHAKE_MS = 5_000;

  /** What comes of a handshake. */
  interface Outcome {
    /** A reason to refuse the other end, as a sentence; null: none. */
    @Nullable
    String objection(Kind kind, PeerIdentity other, long mainId);

    void open(PeerConnection connection);

    /** It came to nothing; the reason is for the log. */
    void failed(String reason);
  }

  private final Supplier<PeerIdentity> identity;
  private final @Nullable Bytes secret;
  private final @Nullable Hello dialed;
  private final Bytes challenge;
  private final Outcome outcome;
  private final Frames.Assembly assembly;
  private @Nullable Hello own;
  private @Nullable Hello other;
  private @Nullable PeerConnection connection;
  private @Nullable ScheduledFuture<?> bound;

  /** @param dialed the hello to begin with; null at the listener's end */
  HandshakeHandler(Supplier<PeerIdentity> identity, @Nullable Bytes secret, @Nullable Hello dialed,
      Bytes challenge, int messageBytes, Outcome outcome) {
    this.identity = identity;
    this.secret = secret;
    this.dialed = dialed;
    this.challenge = challenge;
    this.outcome = outcome;
    this.assembly = new Frames.Assembly(messageBytes);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    bound = context.executor().schedule(() -> {
      if (connection == null) {
        fail(context, "no handshake within " + HANDSHAKE_MS + " ms");
      }
    }, HANDSHAKE_MS, TimeUnit.MILLISECONDS);
    if (dialed != null) {
      own = dialed;
      send(context, dialed.encode(Hello.HELLO, new byte[0]));
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
    if (connection == null && frame.readableBytes() > HELLO_BYTES) {
      fail(context, "a hello of " + frame.readableBytes() + " bytes");
      return;
    }
    byte[] message = assembly.take(frame);
    if (message == null) {
      return;
    }
    int length = assembly.finish();
    if (connection != null) {
      connection.received(message, 0, length);
      assembly.shrink();
    } else {
      handshake(context, new BinaryReader(message, 0, length));
    }
  }

  private void handshake(ChannelHandlerContext context, BinaryReader in) {
    try {
      int type = in.u8();
      if (type == Hello.HELLO && dialed == null && other == null) {
        hello(context, Hello.decode(in).hello());
      } else if (type == Hello.WELCOME && dialed != null) {
        welcome(context, dialed, Hello.decode(in));
      } else if (type == Hello.PROOF && own != null && other != null && dialed == null) {
        if (!Hello.proves(in.bytes(), Hello.proof(secret, "dialer", other, own))) {
          reject(context, "the cluster secrets differ: give both ends the same --secret-file");
        } else {
          open(context, other);
        }
      } else if (type == Hello.REJECT) {
        fail(context, in.text());
      } else {
        fail(context, "a handshake message of type " + type);
      }
    } catch (MalformedException e) {
      reject(context, String.valueOf(e.getMessage()));
    }
  }

  private void hello(ChannelHandlerContext context, Hello from) {
    PeerIdentity me = identity.get();
    String objection = from.identity().isForeignTo(me)
        ? "this server belongs to cluster " + me.clusterId() + ", not to " + from.identity().clusterId()
        : outcome.objection(from.kind(), from.identity(), from.mainId());
    if (objection != null) {
      reject(context, objection);
      return;
    }
    other = from;
    own = new Hello(from.kind(), me, from.mainId(), challenge);
    send(context, own.encode(Hello.WELCOME, Hello.proof(secret, "listener", from, own)));
  }

  private void welcome(ChannelHandlerContext context, Hello mine, Hello.Received from) {
    Hello hello = from.hello();
    if (hello.identity().isForeignTo(mine.identity())) {
      fail(context, "it belongs to cluster " + hello.identity().clusterId() + ", not to "
          + mine.identity().clusterId());
    } else if (!Hello.proves(from.proof().toArray(), Hello.proof(secret, "listener", mine, hello))) {
      fail(context, "the cluster secrets differ: give both ends the same --secret-file");
    } else {
      String objection = outcome.objection(mine.kind(), hello.identity(), mine.mainId());
      if (objection != null) {
        fail(context, objection);
        return;
      }
      var proof = new BinaryWriter().u8(Hello.PROOF).bytes(Hello.proof(secret, "dialer", mine, hello));
      send(context, proof.toArray());
      open(context, hello);
    }
  }

  private void open(ChannelHandlerContext context, Hello with) {
    cancelBound();
    connection = new PeerConnection(context.channel(), with.kind(), with.identity(), with.mainId());
    outcome.open(connection);
  }

  private static void send(ChannelHandlerContext context, byte[] message) {
    context.writeAndFlush(Frames.frame(context.channel().alloc(), message, 0, message.length, false));
  }

  private void reject(ChannelHandlerContext context, String reason) {
    byte[] words = new BinaryWriter().u8(Hello.REJECT).text(reason).toArray();
    context.writeAndFlush(Frames.frame(context.channel().alloc(), words, 0, words.length, false))
        .addListener(ChannelFutureListener.CLOSE);
    LOG.debug("refused a peer connection from {}: {}", context.channel().remoteAddress(), reason);
  }

  private void fail(ChannelHandlerContext context, String reason) {
    if (!failed) {
      failed = true;
      outcome.failed(reason);
    }
    context.close();
  }

  private boolean failed;

  private void cancelBound() {
    if (bound != null) {
      bound.cancel(false);
      bound = null;
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (connection != null && context.channel().isWritable()) {
      connection.flush();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    cancelBound();
    if (connection != null) {
      connection.ended();
    } else {
      fail(context, "the connection ended during the handshake");
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof DecoderException || cause instanceof MalformedException) {
      LOG.warn("peer connection with {} ended: {}", context.channel().remoteAddress(), cause.getMessage());
    } else if (!(cause instanceof java.io.IOException)) {
      LOG.error("peer connection with {} failed", context.channel().remoteAddress(), cause);
    }
    context.close();
  }
}
