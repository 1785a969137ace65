package dss.peer;

import dss.core.cluster.Address;
import dss.protocol.Bytes;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.io.IOException;
import java.net.ConnectException;
import java.security.SecureRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Listens for peer connections and dials them. All callbacks come on the endpoint's loop. */
public final class PeerPort implements AutoCloseable {
  private static final int DIAL_MS = 1_000;
  private static final WriteBufferWaterMark WATER = new WriteBufferWaterMark(512 << 10, 2 << 20);

  /** Who may connect, and what becomes of those who did. */
  public interface Acceptor {
    /** A reason to refuse a connection, as a sentence; null: none. */
    @Nullable
    String objection(Kind kind, PeerIdentity from, long mainId);

    void accepted(PeerConnection connection);
  }

  /** What came of a dial; one of them is called, once. */
  public interface Dial {
    void open(PeerConnection connection);

    /** Nothing listens there: the connection was refused. */
    void refused();

    /** Anything else; the reason is a sentence. */
    void failed(String reason);
  }

  private final Endpoint endpoint;
  private final Supplier<PeerIdentity> identity;
  private final @Nullable Bytes secret;
  private final int messageBytes;
  private final SecureRandom random = new SecureRandom();
  private @Nullable Channel listening;

  /**
   * @param identity who this process is at the moment of a handshake
   * @param secret the cluster's, or null: whoever reaches the port is trusted
   * @param messageBytes the longest message that is taken in
   */
  public PeerPort(Endpoint endpoint, Supplier<PeerIdentity> identity, @Nullable Bytes secret,
      int messageBytes) {
    this.endpoint = endpoint;
    this.identity = identity;
    this.secret = secret;
    this.messageBytes = messageBytes;
  }

  /** Listens; IOException with a sentence where that is impossible. Not to be called on the loop. */
  public void listen(String host, int port, Acceptor acceptor) throws IOException {
    var bootstrap = new ServerBootstrap().group(endpoint.loop(), endpoint.loop())
        .channel(endpoint.listening())
        .option(ChannelOption.SO_REUSEADDR, true).option(ChannelOption.SO_BACKLOG, 512)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER)
        .childHandler(new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel channel) {
            channel.pipeline().addLast(Frames.decoder(),
                new HandshakeHandler(identity, secret, null, challenge(),
                    messageBytes, new Accepting(acceptor)));
          }
        });
    try {
      listening = bootstrap.bind(host, port).syncUninterruptibly().channel();
    } catch (Exception e) {
      throw new IOException("cannot listen on peer port " + host + ":" + port + ": " + e.getMessage()
          + "; is another process using it? Choose one with --peer-port", e);
    }
  }

  private Bytes challenge() {
    byte[] challenge = new byte[Hello.CHALLENGE_BYTES];
    random.nextBytes(challenge);
    return Bytes.wrap(challenge);
  }

  private record Accepting(Acceptor acceptor) implements HandshakeHandler.Outcome {
    @Override
    public @Nullable String objection(Kind kind, PeerIdentity other, long mainId) {
      return kind == Kind.PROBE ? "somebody listens here" : acceptor.objection(kind, other, mainId);
    }

    @Override
    public void open(PeerConnection connection) {
      acceptor.accepted(connection);
    }

    @Override
    public void failed(String reason) {}
  }

  /** Dials; the name is resolved anew each time. {@code mainId} as in {@link PeerConnection#mainId}. */
  public void dial(Address address, Kind kind, long mainId, Dial dial) {
    var hello = new Hello(kind, identity.get(), mainId, challenge());
    var outcome = new Dialing(dial);
    new Bootstrap().group(endpoint.loop()).channel(endpoint.dialed())
        .option(ChannelOption.TCP_NODELAY, true).option(ChannelOption.CONNECT_TIMEOUT_MILLIS, DIAL_MS)
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER)
        .handler(new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel channel) {
            channel.pipeline().addLast(Frames.decoder(), new HandshakeHandler(identity, secret, hello,
                hello.challenge(), messageBytes, outcome));
          }
        }).connect(address.host(), address.port()).addListener(future -> {
          Throwable cause = future.cause();
          if (cause instanceof ConnectException && isRefusal(cause)) {
            dial.refused();
          } else if (cause != null) {
            outcome.failed(String.valueOf(cause.getMessage()));
          }
        });
  }

  /** Timeouts are ConnectExceptions too, and prove nothing. */
  private static boolean isRefusal(Throwable cause) {
    return String.valueOf(cause.getMessage()).contains("refused");
  }

  private static final class Dialing implements HandshakeHandler.Outcome {
    private final Dial dial;
    private boolean over;

    Dialing(Dial dial) {
      this.dial = dial;
    }

    @Override
    public @Nullable String objection(Kind kind, PeerIdentity other, long mainId) {
      return null;
    }

    @Override
    public void open(PeerConnection connection) {
      over = true;
      dial.open(connection);
    }

    @Override
    public void failed(String reason) {
      if (!over) {
        over = true;
        dial.failed(reason);
      }
    }
  }

  @Override
  public void close() {
    if (listening != null) {
      listening.close().syncUninterruptibly();
    }
  }
}
