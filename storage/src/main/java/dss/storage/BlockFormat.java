package dss.storage;

import static dss.core.entry.LittleEndian.getInt;
import static dss.core.entry.LittleEndian.getLong;
import static dss.core.entry.LittleEndian.putInt;
import static dss.core.entry.LittleEndian.putLong;

import java.util.zip.CRC32C;

/**
 * The block: what is written and recovered as one. Little-endian, entries follow the header without a gap:
 *
 * <pre>
 *  0 magic:4 "DSSB"  4 format:4  8 length:4 (header too)  12 reserved:4
 * 16 segment:8  24 position:8  32 synced:8  40 CRC32C:4 (of all but itself)  44 reserved:4
 * </pre>
 *
 * {@code position} counts the bytes of all blocks since the log began; {@code synced} is the position known to be
 * on disk when this block was written. Segment and position tell a block from an older one that a reused file still
 * holds. Source: docs/formats.md (Log).
 */
final class BlockFormat {
  static final int HEADER = 48;
  static final int FORMAT = 1;
  /** "DSSB" as its bytes come in the file. */
  static final int MAGIC = 0x42535344;

  private static final int CRC_AT = 40;

  private BlockFormat() {}

  /** Writes the header of the block whose entries lie behind it. */
  static void seal(byte[] array, int at, int length, long segment, long position, long synced) {
    putInt(array, at, MAGIC);
    putInt(array, at + 4, FORMAT);
    putInt(array, at + 8, length);
    putInt(array, at + 12, 0);
    putLong(array, at + 16, segment);
    putLong(array, at + 24, position);
    putLong(array, at + 32, synced);
    putInt(array, at + 44, 0);
    putInt(array, at + CRC_AT, crc(array, at, length));
  }

  /** Whether a whole block of that segment begins here; its position is for the caller to judge. */
  static boolean isBlock(byte[] array, int at, int end, long segment) {
    if (end - at < HEADER || getInt(array, at) != MAGIC || format(array, at) != FORMAT
        || getLong(array, at + 16) != segment) {
      return false;
    }
    int length = length(array, at);
    return length >= HEADER && (length & 7) == 0 && length <= end - at
        && getInt(array, at + CRC_AT) == crc(array, at, length);
  }

  static boolean hasMagic(byte[] array, int at) {
    return getInt(array, at) == MAGIC;
  }

  static int format(byte[] array, int at) {
    return getInt(array, at + 4);
  }

  static int length(byte[] array, int at) {
    return getInt(array, at + 8);
  }

  static long position(byte[] array, int at) {
    return getLong(array, at + 24);
  }

  static long synced(byte[] array, int at) {
    return getLong(array, at + 32);
  }

  private static int crc(byte[] array, int at, int length) {
    var crc = new CRC32C();
    crc.update(array, at, CRC_AT);
    crc.update(array, at + CRC_AT + 4, length - CRC_AT - 4);
    return (int) crc.getValue();
  }
}
