package dss.core.entry;

import dss.protocol.Bytes;

/** Which request of which client: what makes the retry of a write exact. */
public record RequestId(long clientHigh, long clientLow, long requestSeq) {
  /** Client id (16 bytes) and request seq (8 bytes), big-endian, so that the store orders them. */
  public Bytes asKey() {
    var key = java.nio.ByteBuffer.allocate(24);
    key.putLong(clientHigh).putLong(clientLow).putLong(requestSeq);
    return Bytes.wrap(key.array());
  }
}
