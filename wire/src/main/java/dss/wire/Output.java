package dss.wire;

import dss.protocol.OutBuffer;
import dss.protocol.Reply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import org.jspecify.annotations.Nullable;

/** Replies of one connection that are not sent yet: in a buffer of this turn, and in the socket's queue. On the loop. */
final class Output {
  private final Channel channel;
  private final Flusher flusher;
  private final WireSettings settings;
  private @Nullable OutBuffer buffer;
  private int waterMark;
  private long bytesSent;

  Output(Channel channel, Flusher flusher, WireSettings settings) {
    this.channel = channel;
    this.flusher = flusher;
    this.settings = settings;
    adoptWaterMark();
  }

  /** Bytes handed to the socket since the connection was made. */
  long bytesSent() {
    return bytesSent;
  }

  long unsentBytes() {
    return queuedBytes() + (buffer == null ? 0 : buffer.length());
  }

  private long queuedBytes() {
    ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
    return queue == null ? 0 : queue.totalPendingWriteBytes();
  }

  boolean isOverPause() {
    return unsentBytes() > settings.outputPauseBytes();
  }

  /** Whether enough was sent to go on: the socket's queue tells when it has fallen below half of the bound. */
  boolean mayResume() {
    return channel.isWritable() && !isOverPause();
  }

  /** Writes the reply of the oldest request; {@link OutBuffer.Overflow} where it would be too much. */
  void write(ReplyOrder order, Ticket oldest, Reply reply) {
    OutBuffer out = buffer;
    if (out == null) {
      out = flusher.borrow();
      out.limit((int) Math.max(0, settings.outputLimitBytes() - queuedBytes()));
      buffer = out;
    }
    order.write(out, oldest, reply);
  }

  /** Sends what is in the buffer. */
  void flush() {
    OutBuffer out = buffer;
    if (out != null) {
      channel.writeAndFlush(taken(out), channel.voidPromise());
    }
  }

  /** Sends what is in the buffer, if anything; the future completes when all that was ever written has been sent. */
  ChannelFuture flushLast() {
    OutBuffer out = buffer;
    return channel.writeAndFlush(out == null ? Unpooled.EMPTY_BUFFER : taken(out));
  }

  private ByteBuf taken(OutBuffer out) {
    adoptWaterMark();
    ByteBuf bytes = channel.alloc().directBuffer(out.length());
    bytes.writeBytes(out.array(), 0, out.length());
    bytesSent += out.length();
    release();
    return bytes;
  }

  private void adoptWaterMark() {
    int pause = settings.outputPauseBytes();
    if (waterMark != pause) {
      waterMark = pause;
      channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(pause / 2, pause));
    }
  }

  /** Gives the buffer back, what is in it included. */
  void release() {
    OutBuffer out = buffer;
    if (out != null) {
      buffer = null;
      flusher.giveBack(out);
    }
  }
}
