package dss.storage;

import static dss.core.entry.LittleEndian.getLong;
import static dss.core.entry.LittleEndian.putLong;

import dss.core.entry.Effect;
import dss.core.entry.Entry;
import dss.core.storage.Value;
import dss.protocol.Bytes;

/**
 * Values of the store, little-endian:
 *
 * <pre>
 * header   0 type:1  1 flags:1  2 incarnation:8  10 modified:8  18 expireAt:8  26 count:varint (0: a string)  bytes
 * outcome  0 time:8 (of the entry, microseconds)  8 reply
 * others   the effect's value
 * </pre>
 *
 * Source: docs/formats.md (Store).
 */
final class StoreValue {
  static final int HEADER = 27;
  static final int OUTCOME = 8;

  private StoreValue() {}

  /** Most bytes that the value of an effect may take. */
  static int bound(byte[] array, int effectAt) {
    return HEADER + Entry.valueLength(array, effectAt);
  }

  /** Writes what the effect, a put or an outcome, leaves in the store; returns its length. */
  static int ofEffect(byte[] array, int effectAt, byte[] out) {
    Entry entry = Entry.ofEffect(array, effectAt);
    int kind = Entry.effectKind(array, effectAt);
    int from = Entry.valueAt(array, effectAt);
    int length = Entry.valueLength(array, effectAt);
    int at = 0;
    if (kind == Effect.OUTCOMES) {
      putLong(out, 0, entry.time());
      at = OUTCOME;
    } else if (kind == Effect.HEADER) {
      boolean inValue = incarnationInValue(array, effectAt);
      out[0] = (byte) Entry.effectType(array, effectAt);
      out[1] = (byte) (Entry.effectFlags(array, effectAt) & ~Effect.INCARNATION_IN_VALUE);
      putLong(out, 2, inValue ? getLong(array, from) : entry.seq());
      putLong(out, 10, entry.seq());
      putLong(out, 18, Entry.expireAt(array, effectAt));
      out[26] = 0;
      at = HEADER;
      from += inValue ? 8 : 0;
      length -= inValue ? 8 : 0;
    }
    System.arraycopy(array, from, out, at, length);
    return at + length;
  }

  /** What an effect in memory means to a reader; the bytes are copied. */
  static Value read(byte[] array, int effectAt) {
    int op = Entry.effectOp(array, effectAt);
    if (op == Effect.DELETE) {
      return Value.ABSENT;
    }
    Entry entry = Entry.ofEffect(array, effectAt);
    long seq = entry.seq();
    int from = Entry.valueAt(array, effectAt);
    int length = Entry.valueLength(array, effectAt);
    if (op == Effect.OUTCOME) {
      return Value.outcome(entry.time(), Bytes.copyOf(array, from, length));
    }
    boolean inValue = incarnationInValue(array, effectAt);
    return new Value(Entry.effectType(array, effectAt), inValue ? getLong(array, from) : seq, seq,
        Entry.expireAt(array, effectAt),
        inValue ? Bytes.copyOf(array, from + 8, length - 8) : Bytes.copyOf(array, from, length));
  }

  /** What a stored value means to a reader. */
  static Value read(int kind, byte[] stored) {
    if (kind == Effect.OUTCOMES) {
      return Value.outcome(outcomeTime(stored), Bytes.wrap(stored, OUTCOME, stored.length - OUTCOME));
    }
    int bytes = 26;
    while (stored[bytes] < 0) {
      bytes++;
    }
    bytes++;
    return new Value(stored[0], getLong(stored, 2), getLong(stored, 10), getLong(stored, 18),
        Bytes.wrap(stored, bytes, stored.length - bytes));
  }

  static long outcomeTime(byte[] stored) {
    return getLong(stored, 0);
  }

  private static boolean incarnationInValue(byte[] array, int effectAt) {
    return (Entry.effectFlags(array, effectAt) & Effect.INCARNATION_IN_VALUE) != 0
        && Entry.valueLength(array, effectAt) >= 8;
  }
}
