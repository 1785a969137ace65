package dss.peer;

import dss.core.binary.BinaryWriter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One open peer connection, its handshake done. Loop only. What is sent goes out at the next {@link #flush}.
 * A message longer than a frame goes out in fragments; urgent ones overtake it between two of them.
 */
public final class PeerConnection {
  /** What becomes of messages and of the end. */
  public interface Listener {
    /** A message, whole, at {@code from..to} of an array that is reused after the call. */
    void message(PeerConnection connection, byte[] array, int from, int to);

    /** The connection has ended; called once. */
    void closed(PeerConnection connection);
  }

  private final Channel channel;
  private final Kind kind;
  private final PeerIdentity peer;
  private final long mainId;
  private final ArrayDeque<ByteBuf> fragments = new ArrayDeque<>();
  private @Nullable Listener listener;
  private boolean closed;

  PeerConnection(Channel channel, Kind kind, PeerIdentity peer, long mainId) {
    this.channel = channel;
    this.kind = kind;
    this.peer = peer;
    this.mainId = mainId;
  }

  public Kind kind() {
    return kind;
  }

  /** Who is at the other end. */
  public PeerIdentity peer() {
    return peer;
  }

  /** The id of this main connection, or of the one that this copy connection belongs to. */
  public long mainId() {
    return mainId;
  }

  /** Who is told from now on; set right when the connection is handed over. */
  public void listener(Listener to) {
    listener = to;
  }

  /** Sends a message behind all sent before. */
  public void send(BinaryWriter message) {
    if (closed) {
      return;
    }
    if (message.length() <= Frames.BODY_BYTES && fragments.isEmpty()) {
      channel.write(Frames.frame(channel.alloc(), message.array(), 0, message.length(), false),
          channel.voidPromise());
      return;
    }
    for (int at = 0; at < message.length(); at += Frames.BODY_BYTES) {
      int bytes = Math.min(Frames.BODY_BYTES, message.length() - at);
      fragments.add(Frames.frame(channel.alloc(), message.array(), at, bytes, at + bytes < message.length()));
    }
  }

  /** Sends a short message that may overtake longer ones. */
  public void sendUrgent(BinaryWriter message) {
    if (!closed) {
      channel.write(Frames.frame(channel.alloc(), message.array(), 0, message.length(), false),
          channel.voidPromise());
    }
  }

  /** Whether so much waits to be sent that more of what can wait should. */
  public boolean isFull() {
    return !fragments.isEmpty() || !channel.isWritable();
  }

  public void flush() {
    while (!fragments.isEmpty() && channel.isWritable()) {
      channel.write(fragments.remove(), channel.voidPromise());
    }
    channel.flush();
  }

  public void close() {
    channel.close();
  }

  void closeAfter(byte[] lastWords) {
    channel.writeAndFlush(Frames.frame(channel.alloc(), lastWords, 0, lastWords.length, false))
        .addListener(ChannelFutureListener.CLOSE);
  }

  void received(byte[] array, int from, int to) {
    if (listener != null && !closed) {
      listener.message(this, array, from, to);
    }
  }

  void ended() {
    if (closed) {
      return;
    }
    closed = true;
    fragments.forEach(ByteBuf::release);
    fragments.clear();
    if (listener != null) {
      listener.closed(this);
    }
  }

  @Override
  public String toString() {
    return kind + " " + peer.serverId() + " " + channel.remoteAddress();
  }
}
