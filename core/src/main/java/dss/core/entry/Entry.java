package dss.core.entry;

import static dss.core.entry.LittleEndian.getInt;
import static dss.core.entry.LittleEndian.getLong;
import static dss.core.entry.LittleEndian.getShort;

import dss.protocol.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * A view of one log entry where it lies: in a log segment, in a frame, in a scratch array. The same bytes
 * on every copy. Numbers are little-endian, everything is 8-aligned relative to the entry's start:
 *
 * <pre>
 * entry   0 length:4  4 kind:1  5 flags:1 (1: request id)  6 reserved:2  8 shard:4  12 effects:4
 *        16 epoch:8  24 seq:8  32 time:8  [40 client id:16  56 request seq:8]  effects ...
 * effect  0 length:4  4 op:1  5 kind:1  6 type:1  7 flags:1 (1: expireAt)  8 slot:2  10 reserved:2
 *        12 hash32:4  16 keyLen:4  20 elementLen:4  24 valueLen:4  28 back:4  [32 expireAt:8]
 *        key  element  value  padding to 8
 * </pre>
 *
 * {@code length} counts everything, padding too; {@code back} is how far before the effect its entry
 * begins, so that an index may point at effects alone. {@code time} is the hybrid time in microseconds.
 *
 * <p>The view is valid as long as the array is not reused. Positions of effects are absolute indexes into
 * {@link #array()}; walk them with {@link #firstEffect()} and {@link #nextEffect(int)}.
 */
public final class Entry {
  public static final int COMMAND = 0;
  public static final int NO_OP = 1;
  public static final int EXPIRY = 2;

  static final int HEADER = 40;
  static final int REQUEST_ID = 24;
  static final int EFFECT_HEADER = 32;
  static final int HAS_REQUEST_ID = 1;
  static final int HAS_EXPIRE_AT = 1;

  private final byte[] array;
  private final int offset;

  private Entry(byte[] array, int offset) {
    this.array = array;
    this.offset = offset;
  }

  /** A view of the entry that begins at {@code offset}; the bytes are trusted (see {@link EntryCheck}). */
  public static Entry at(byte[] array, int offset) {
    return new Entry(array, offset);
  }

  public byte[] array() {
    return array;
  }

  public int offset() {
    return offset;
  }

  /** Bytes, padding included; a multiple of 8. */
  public int length() {
    return getInt(array, offset);
  }

  public int kind() {
    return array[offset + 4];
  }

  public int shard() {
    return getInt(array, offset + 8);
  }

  public int effects() {
    return getInt(array, offset + 12);
  }

  public long epoch() {
    return getLong(array, offset + 16);
  }

  public long seq() {
    return getLong(array, offset + 24);
  }

  /** Hybrid logical time, microseconds since 1970. */
  public long time() {
    return getLong(array, offset + 32);
  }

  public @Nullable RequestId requestId() {
    if ((array[offset + 5] & HAS_REQUEST_ID) == 0) {
      return null;
    }
    int at = offset + HEADER;
    return new RequestId(getLong(array, at), getLong(array, at + 8), getLong(array, at + 16));
  }

  public int firstEffect() {
    return offset + HEADER + ((array[offset + 5] & HAS_REQUEST_ID) != 0 ? REQUEST_ID : 0);
  }

  /** The position behind the effect at {@code at}: the next effect's, or the entry's end. */
  public int nextEffect(int at) {
    return at + getInt(array, at);
  }

  /** The entry that holds the effect at {@code effectAt}. */
  public static Entry ofEffect(byte[] array, int effectAt) {
    return new Entry(array, effectAt - getInt(array, effectAt + 28));
  }

  public static int effectOp(byte[] array, int at) {
    return array[at + 4];
  }

  public static int effectKind(byte[] array, int at) {
    return array[at + 5];
  }

  public static int effectType(byte[] array, int at) {
    return array[at + 6];
  }

  public static int effectFlags(byte[] array, int at) {
    return array[at + 7] & ~HAS_EXPIRE_AT;
  }

  public static int effectSlot(byte[] array, int at) {
    return getShort(array, at + 8);
  }

  /** {@link KeyHash} of the key. */
  public static int effectHash(byte[] array, int at) {
    return getInt(array, at + 12);
  }

  public static int keyLength(byte[] array, int at) {
    return getInt(array, at + 16);
  }

  public static int elementLength(byte[] array, int at) {
    return getInt(array, at + 20);
  }

  public static int valueLength(byte[] array, int at) {
    return getInt(array, at + 24);
  }

  /** Milliseconds since 1970, or {@link Effect#NEVER}. */
  public static long expireAt(byte[] array, int at) {
    return (array[at + 7] & HAS_EXPIRE_AT) != 0 ? getLong(array, at + EFFECT_HEADER) : Effect.NEVER;
  }

  public static int keyAt(byte[] array, int at) {
    return at + EFFECT_HEADER + ((array[at + 7] & HAS_EXPIRE_AT) != 0 ? 8 : 0);
  }

  public static int elementAt(byte[] array, int at) {
    return keyAt(array, at) + keyLength(array, at);
  }

  public static int valueAt(byte[] array, int at) {
    return elementAt(array, at) + elementLength(array, at);
  }

  /** Whether the effect at {@code at} is about this kind of record of this key. */
  public static boolean effectIsOf(byte[] array, int at, int kind, int hash, Bytes key) {
    if (getInt(array, at + 12) != hash || array[at + 5] != kind || keyLength(array, at) != key.length()) {
      return false;
    }
    int keyAt = keyAt(array, at);
    return java.util.Arrays.equals(array, keyAt, keyAt + key.length(), key.array(), key.arrayOffset(),
        key.arrayOffset() + key.length());
  }

  /** The effect at {@code at} with bytes of its own. */
  public static Effect effect(byte[] array, int at) {
    return new Effect(effectOp(array, at), effectKind(array, at), effectType(array, at),
        effectFlags(array, at),
        effectSlot(array, at), Bytes.copyOf(array, keyAt(array, at), keyLength(array, at)),
        Bytes.copyOf(array, elementAt(array, at), elementLength(array, at)),
        Bytes.copyOf(array, valueAt(array, at), valueLength(array, at)), expireAt(array, at));
  }

  /** The same entry in an array of its own, for those who must keep it longer than where it lies. */
  public Entry copy() {
    return new Entry(java.util.Arrays.copyOfRange(array, offset, offset + length()), 0);
  }

  @Override
  public String toString() {
    return "entry " + shard() + ":" + epoch() + "/" + seq() + (kind() == NO_OP ? " no-op" : "")
        + " effects " + effects();
  }
}
