package dss.storage;

import static dss.core.entry.LittleEndian.getInt;
import static dss.core.entry.LittleEndian.getLong;
import static dss.core.entry.LittleEndian.putInt;
import static dss.core.entry.LittleEndian.putLong;

import dss.core.storage.Value;
import dss.protocol.Bytes;
import java.util.Arrays;

/**
 * A value in the memory of {@link WarmCache}, little-endian, padded to 8 bytes:
 *
 * <pre>
 * 0 length:4 (of all)  4 used:1  5 kind:1  6 type:1  7 absent:1  8 shard:4  12 hash:4  16 incarnation:8  24 modified:8
 * 32 expireAt:8  40 key length:4  44 value length:4  48 key  value
 * </pre>
 */
final class WarmRecord {
  private static final int USED = 4;
  private static final int KIND = 5;
  private static final int TYPE = 6;
  private static final int ABSENT = 7;
  private static final int SHARD = 8;
  private static final int HASH = 12;
  private static final int KEY_LENGTH = 40;
  private static final int VALUE_LENGTH = 44;
  private static final int HEADER = 48;

  private WarmRecord() {}

  static int length(Bytes key, Value value) {
    return HEADER + key.length() + value.bytes().length() + 7 & -8;
  }

  static void write(byte[] array, int at, int shard, int kind, int hash, Bytes key, Value value) {
    Bytes bytes = value.bytes();
    putInt(array, at, length(key, value));
    array[at + USED] = 0;
    array[at + KIND] = (byte) kind;
    array[at + TYPE] = (byte) value.type();
    array[at + ABSENT] = (byte) (value == Value.ABSENT ? 1 : 0);
    putInt(array, at + SHARD, shard);
    putInt(array, at + HASH, hash);
    putLong(array, at + 16, value.incarnation());
    putLong(array, at + 24, value.modified());
    putLong(array, at + 32, value.expireAt());
    putInt(array, at + KEY_LENGTH, key.length());
    putInt(array, at + VALUE_LENGTH, bytes.length());
    System.arraycopy(key.array(), key.arrayOffset(), array, at + HEADER, key.length());
    System.arraycopy(bytes.array(), bytes.arrayOffset(), array, at + HEADER + key.length(), bytes.length());
  }

  static int length(byte[] array, int at) {
    return getInt(array, at);
  }

  static int shard(byte[] array, int at) {
    return getInt(array, at + SHARD);
  }

  static int kind(byte[] array, int at) {
    return array[at + KIND];
  }

  static int hash(byte[] array, int at) {
    return getInt(array, at + HASH);
  }

  /** Whether it was asked for since it was written or moved. */
  static boolean used(byte[] array, int at) {
    return array[at + USED] != 0;
  }

  static void used(byte[] array, int at, boolean used) {
    array[at + USED] = (byte) (used ? 1 : 0);
  }

  static boolean isOf(byte[] array, int at, int kind, int hash, byte[] keyArray, int keyAt, int keyLength) {
    int from = at + HEADER;
    return hash(array, at) == hash && kind(array, at) == kind && getInt(array, at + KEY_LENGTH) == keyLength
        && Arrays.equals(array, from, from + keyLength, keyArray, keyAt, keyAt + keyLength);
  }

  /** The value, its bytes copied. */
  static Value value(byte[] array, int at) {
    if (array[at + ABSENT] != 0) {
      return Value.ABSENT;
    }
    return new Value(array[at + TYPE], getLong(array, at + 16), getLong(array, at + 24),
        getLong(array, at + 32),
        Bytes.copyOf(array, at + HEADER + getInt(array, at + KEY_LENGTH), getInt(array, at + VALUE_LENGTH)));
  }
}
