package dss.peer;

import dss.core.binary.BinaryWriter;
import dss.core.replication.PeerMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * One direction of a peer connection without its socket: bytes as they go out, and messages as they come in however the
 * bytes were cut up. For the simulator, which breaks connections at any byte. For one thread.
 */
public final class PeerStream {
  private final EmbeddedChannel in = new EmbeddedChannel(Frames.decoder());
  private final Frames.Assembly assembly;

  /**
   * Begins with nothing received.
   *
   * @param messageBytes the longest message that is taken
   */
  public PeerStream(int messageBytes) {
    assembly = new Frames.Assembly(messageBytes);
  }

  /** A message as bytes of {@link PeerCodec}, in frames. */
  public static byte[] frames(byte[] message, int length) {
    ByteBuf out = Unpooled.buffer();
    for (int at = 0; at < length; at += Frames.BODY_BYTES) {
      int bytes = Math.min(Frames.BODY_BYTES, length - at);
      ByteBuf frame = Frames.frame(UnpooledByteBufAllocator.DEFAULT, message, at, bytes, at + bytes < length);
      out.writeBytes(frame);
      frame.release();
    }
    var array = new byte[out.readableBytes()];
    out.readBytes(array);
    return array;
  }

  /** As {@link #frames(byte[], int)}. */
  public static byte[] frames(long version, PeerMessage message) {
    var out = new BinaryWriter();
    PeerCodec.write(out, version, message);
    return frames(out.array(), out.length());
  }

  /**
   * Takes the next bytes in; the messages that are whole with them, each an array of its own.
   *
   * @throws io.netty.handler.codec.CorruptedFrameException if a frame is not as it was sent; the stream is of no use then
   */
  public List<byte[]> take(byte[] bytes, int from, int to) {
    in.writeInbound(Unpooled.wrappedBuffer(bytes, from, to - from));
    var messages = new ArrayList<byte[]>();
    for (ByteBuf frame = in.readInbound(); frame != null; frame = in.readInbound()) {
      byte[] whole = assembly.take(frame);
      frame.release();
      if (whole != null) {
        messages.add(java.util.Arrays.copyOf(whole, assembly.finish()));
      }
    }
    return messages;
  }

  /** Gives back what it holds of bytes that are no whole frame. */
  public void close() {
    in.finishAndReleaseAll();
  }
}
