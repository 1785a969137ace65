package dss.protocol;

/** Replies as bytes and back, in RESP3's form: for outcomes that are remembered. Its inverse trusts its input. */
public final class ReplyCodec {
  private ReplyCodec() {}

  public static Bytes encode(Reply reply) {
    var out = new OutBuffer(32);
    ReplyWriter.write(out, reply, 3);
    return Bytes.wrap(out.take());
  }

  /** The reply that {@link #encode} wrote; IllegalArgumentException for anything else. */
  public static Reply decode(Bytes encoded) {
    var parser = new ReplyParser(RespLimits.CLIENT);
    int from = encoded.arrayOffset();
    int to = from + encoded.length();
    try {
      if (parser.feed(encoded.array(), from, to) == to && parser.ready()) {
        return parser.take();
      }
    } catch (ProtocolError e) {
      throw new IllegalArgumentException(e.text(), e);
    }
    throw new IllegalArgumentException("bytes that are not one reply");
  }
}
