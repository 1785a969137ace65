package dss.protocol;

/** Where a key lies on the ring: CRC16 (XMODEM) of the key or its {hash tag}, modulo 16384, as in Redis Cluster. */
public final class Slots {
  /** The ring is a circle of this many slots. */
  public static final int COUNT = 16384;

  private static final short[] CRC16 = new short[256];

  static {
    for (int i = 0; i < 256; i++) {
      int crc = i << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
      }
      CRC16[i] = (short) crc;
    }
  }

  private Slots() {}

  /** The slot of a key: of what stands between the first '{' and the next '}', where that is not empty. */
  public static int of(Bytes key) {
    return of(key.array(), key.arrayOffset(), key.arrayOffset() + key.length());
  }

  /** The slot of a key that lies between {@code from} and {@code end} of an array. */
  public static int of(byte[] array, int from, int end) {
    int open = from;
    while (open < end && array[open] != '{') {
      open++;
    }
    if (open < end) {
      int close = open + 1;
      while (close < end && array[close] != '}') {
        close++;
      }
      if (close < end && close > open + 1) {
        return crc16(array, open + 1, close) & (COUNT - 1);
      }
    }
    return crc16(array, from, end) & (COUNT - 1);
  }

  private static int crc16(byte[] array, int from, int to) {
    int crc = 0;
    for (int i = from; i < to; i++) {
      crc = (crc << 8) ^ CRC16[((crc >>> 8) ^ array[i]) & 0xff];
    }
    return crc & 0xffff;
  }
}
