package dss.core.entry;

import dss.protocol.Bytes;

/**
 * One record that an entry writes or deletes. What the primary decided: copies apply it blindly.
 *
 * @param op one of {@link #PUT}, {@link #DELETE}, {@link #CLEAR} (of the whole shard), {@link #OUTCOME}
 * @param kind the kind of record, {@link #HEADER} and its neighbours (docs/formats.md, Store)
 * @param type the type of a header ({@link #STRING}); 0 elsewhere
 * @param flags {@link #INCARNATION_IN_VALUE} or 0
 * @param slot 0..16383
 * @param key the user's key; of an outcome the client id (16 bytes) and the request seq (8, big-endian; -1: the
 *   client's {@link RequestWindow})
 * @param element empty for a header; else incarnation and element
 * @param value the bytes of a string; of an outcome the encoded reply, or the window
 * @param expireAt milliseconds since 1970, or {@link #NEVER}
 */
public record Effect(int op, int kind, int type, int flags, int slot, Bytes key, Bytes element, Bytes value,
    long expireAt) {
  public static final int PUT = 1;
  public static final int DELETE = 2;
  public static final int CLEAR = 3;
  public static final int OUTCOME = 4;

  public static final int HEADER = 0;
  public static final int ELEMENT = 1;
  public static final int OUTCOMES = 4;

  public static final int STRING = 1;

  /** The value of this header begins with its incarnation (8 bytes); else it is the entry's seq. */
  public static final int INCARNATION_IN_VALUE = 2;

  public static final long NEVER = Long.MAX_VALUE;

  public Effect {
    if (slot < 0 || slot >= dss.protocol.Slots.COUNT) {
      throw new IllegalArgumentException("slot " + slot);
    }
  }

  /** A string under a key. */
  public static Effect putString(int slot, Bytes key, Bytes value, long expireAt) {
    return new Effect(PUT, HEADER, STRING, 0, slot, key, Bytes.EMPTY, value, expireAt);
  }

  public static Effect deleteKey(int slot, Bytes key) {
    return new Effect(DELETE, HEADER, 0, 0, slot, key, Bytes.EMPTY, Bytes.EMPTY, NEVER);
  }

  /** Everything of the shard goes. */
  public static Effect clear(int firstSlot) {
    return new Effect(CLEAR, HEADER, 0, 0, firstSlot, Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY, NEVER);
  }

  public static Effect outcome(int slot, RequestId id, Bytes reply) {
    return new Effect(OUTCOME, OUTCOMES, 0, 0, slot, id.asKey(), Bytes.EMPTY, reply, NEVER);
  }

  /** What a shard has forgotten of the client of this request. */
  public static Effect requestWindow(int firstSlot, RequestId id, RequestWindow window) {
    return new Effect(OUTCOME, OUTCOMES, 0, 0, firstSlot, id.windowKey(), Bytes.EMPTY, window.encode(),
        NEVER);
  }
}
