package dss.core.entry;

import dss.protocol.Bytes;
import java.nio.ByteBuffer;

/**
 * Which request of which client: what makes the retry of a write exact. Source: docs/adr/0007.
 *
 * @param requestSeq from 0 to 2^63 - 1; those of a client rise, but may overtake one another on their way
 */
public record RequestId(long clientHigh, long clientLow, long requestSeq) {
  /** A repeat gets the outcome for so long, in microseconds of entry time. */
  public static final long KNOWN_MICROS = 600_000_000;
  /** For so long a repeat is told that it is one; the outcome's record is kept for it. */
  public static final long KEPT_MICROS = 2 * KNOWN_MICROS;
  /** Above all seqs: the client's own record, in the first slot of a shard. */
  private static final long WINDOW = -1;

  /** Client id (16 bytes) and request seq (8 bytes), big-endian, so that the store orders them. */
  public Bytes asKey() {
    return key(requestSeq);
  }

  /** Under which a shard says which requests of this client are forgotten. */
  public Bytes windowKey() {
    return key(WINDOW);
  }

  /** Who makes requests. */
  public record Client(long high, long low) {
    /** Of a key of {@link #asKey} or {@link #windowKey}. */
    public static Client ofKey(Bytes key) {
      ByteBuffer id = ByteBuffer.wrap(key.array(), key.arrayOffset(), key.length());
      return new Client(id.getLong(), id.getLong());
    }
  }

  public Client client() {
    return new Client(clientHigh, clientLow);
  }

  private Bytes key(long seq) {
    return Bytes.wrap(ByteBuffer.allocate(24).putLong(clientHigh).putLong(clientLow).putLong(seq).array());
  }
}
