package dss.bench;

import io.netty.buffer.ByteBuf;

/**
 * The message of a reply, of which only one thing matters: whether a RangeResponse has found its key. Of messages of
 * any length the first bytes are kept, since the fields come in the order of their numbers: a small header, then keys.
 * For one thread.
 */
final class EtcdReply {
  /** Far more than gRPC's prefix, a header of four numbers, and the tag after it. */
  private static final int KEPT_BYTES = 256;
  private static final int PREFIX_BYTES = 5;
  /** Of RangeResponse: {@code kvs}. */
  private static final int KEYS_FIELD = 2;
  private static final int TYPE_NUMBER = 0;
  private static final int TYPE_BYTES = 2;

  private final byte[] bytes = new byte[KEPT_BYTES];
  private int kept;
  private int at;

  /** The next message begins. */
  void reset() {
    kept = 0;
  }

  /** Takes the next piece, whose readable bytes stay as they are. */
  void take(ByteBuf data) {
    int count = Math.min(data.readableBytes(), KEPT_BYTES - kept);
    data.getBytes(data.readerIndex(), bytes, kept, count);
    kept += count;
  }

  /** Whether it is a RangeResponse with a key. */
  boolean hasKey() {
    at = PREFIX_BYTES;
    while (at < kept) {
      long tag = number();
      if (tag >>> 3 == KEYS_FIELD) {
        return true;
      }
      switch ((int) tag & 7) {
        case TYPE_NUMBER -> number();
        case TYPE_BYTES -> skip(number());
        default -> {
          return false;
        }
      }
    }
    return false;
  }

  private void skip(long length) {
    at = length < 0 || length > kept - at ? kept : at + (int) length;
  }

  private long number() {
    long value = 0;
    for (int shift = 0; at < kept && shift < Long.SIZE; shift += 7) {
      byte one = bytes[at++];
      value |= (long) (one & 0x7f) << shift;
      if (one >= 0) {
        return value;
      }
    }
    return value;
  }
}
