package dss.peer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Frames of a peer connection: {@code length:4 (of what follows) | CRC32C:4 (of what follows) | flags:1 (1: more
 * fragments of this message follow) | body}, little-endian, 256 KiB at most. Source: docs/formats.md, Peer wire.
 */
final class Frames {
  static final int FRAME_BYTES = 256 << 10;
  static final int HEADER = 9;
  /** What of a message fits into one frame. */
  static final int BODY_BYTES = FRAME_BYTES - HEADER;
  private static final int MORE = 1;

  private Frames() {}

  static ByteBuf frame(ByteBufAllocator alloc, byte[] array, int from, int length, boolean more) {
    var crc = new CRC32C();
    crc.update(more ? MORE : 0);
    crc.update(array, from, length);
    ByteBuf out = alloc.directBuffer(HEADER + length);
    out.writeIntLE(5 + length).writeIntLE((int) crc.getValue()).writeByte(more ? MORE : 0);
    return out.writeBytes(array, from, length);
  }

  static LengthFieldBasedFrameDecoder decoder() {
    return new LengthFieldBasedFrameDecoder(ByteOrder.LITTLE_ENDIAN, FRAME_BYTES, 0, 4, 0, 4, true);
  }

  /** Puts frames together again; one message at a time, in an array that is reused. */
  static final class Assembly {
    /** A whole message is never longer: the largest entry, and room for what goes with it. */
    private final int messageBytes;
    private byte[] array = new byte[4096];
    private int length;

    Assembly(int messageBytes) {
      this.messageBytes = messageBytes;
    }

    /** Takes a frame in; the array that holds the whole message, or null while more is to come. */
    byte @Nullable [] take(ByteBuf frame) {
      if (frame.readableBytes() < 5) {
        throw new CorruptedFrameException("a peer frame of " + frame.readableBytes() + " bytes");
      }
      int expected = frame.readIntLE();
      boolean more = frame.readByte() == MORE;
      int bytes = frame.readableBytes();
      if (length + (long) bytes > messageBytes) {
        throw new CorruptedFrameException("a peer message of more than " + messageBytes + " bytes");
      }
      if (array.length < length + bytes) {
        array = Arrays.copyOf(array, Math.max(length + bytes, Math.min(messageBytes, array.length * 2)));
      }
      frame.readBytes(array, length, bytes);
      var crc = new CRC32C();
      crc.update(more ? MORE : 0);
      crc.update(array, length, bytes);
      if ((int) crc.getValue() != expected) {
        throw new CorruptedFrameException("a peer frame whose checksum is wrong");
      }
      length += bytes;
      return more ? null : array;
    }

    /** The length of the whole message; the next frame begins another one. */
    int finish() {
      int whole = length;
      length = 0;
      return whole;
    }

    /** Lets go of an array that one large message has blown up. */
    void shrink() {
      if (array.length > 4 * FRAME_BYTES) {
        array = new byte[4096];
      }
    }
  }
}
