package dss.protocol;

import java.util.Arrays;

/**
 * A growing run of bytes to be sent. What has been written is {@link #array()} from 0 to {@link #length()}, until
 * the next write. For one thread at a time.
 */
public final class OutBuffer {
  /** Buffers that grew above this are not kept for reuse: one large reply must not hold its memory for good. */
  static final int KEPT_BYTES = 64 * 1024;

  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 16;

  private final int initial;
  private int limit;
  private byte[] array;
  private int length;

  /** A write that would make the buffer longer than its limit; nothing more can be written to it. */
  public static final class Overflow extends RuntimeException {
    private static final long serialVersionUID = 1;

    Overflow(int limit) {
      super("more than " + limit + " bytes to be sent", null, false, false);
    }
  }

  public OutBuffer(int initial) {
    this(initial, LARGEST_ARRAY);
  }

  /** A buffer that throws {@link Overflow} instead of holding more than {@code limit} bytes. */
  public OutBuffer(int initial, int limit) {
    this.initial = Math.max(16, initial);
    this.limit = limit;
    this.array = new byte[this.initial];
  }

  /** From now on the buffer holds at most so many bytes. */
  public void limit(int bytes) {
    limit = Math.min(bytes, LARGEST_ARRAY);
  }

  public int length() {
    return length;
  }

  public byte[] array() {
    return array;
  }

  /** Forgets what was written, and gives back memory that only a large reply needed. */
  public void clear() {
    length = 0;
    if (array.length > KEPT_BYTES) {
      array = new byte[initial];
    }
  }

  /** What was written, as an array of its own; the buffer is empty afterwards. */
  public byte[] take() {
    byte[] taken = Arrays.copyOf(array, length);
    clear();
    return taken;
  }

  public void put(int octet) {
    if (length == array.length) {
      grow(1);
    }
    array[length++] = (byte) octet;
  }

  public void put(byte[] source, int from, int count) {
    if (count > array.length - length) {
      grow(count);
    }
    System.arraycopy(source, from, array, length, count);
    length += count;
  }

  public void put(Bytes bytes) {
    put(bytes.array(), bytes.arrayOffset(), bytes.length());
  }

  /** The characters as UTF-8. */
  public void put(String text) {
    int count = text.length();
    if (count > array.length - length) {
      grow(count);
    }
    for (int i = 0; i < count; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        put(Bytes.utf8(text.substring(i)));
        return;
      }
      array[length++] = (byte) c;
    }
  }

  public void putLineEnd() {
    if (array.length - length < 2) {
      grow(2);
    }
    array[length++] = '\r';
    array[length++] = '\n';
  }

  /** The number in decimal. */
  public void putDecimal(long value) {
    if (value >= 0 && value < 10) {
      put('0' + (int) value);
      return;
    }
    if (value < 0) {
      if (value == Long.MIN_VALUE) {
        put("-9223372036854775808");
        return;
      }
      put('-');
      value = -value;
    }
    int digits = digits(value);
    if (digits > array.length - length) {
      grow(digits);
    }
    for (int at = length + digits - 1; at >= length; at--) {
      array[at] = (byte) ('0' + (int) (value % 10));
      value /= 10;
    }
    length += digits;
  }

  private static int digits(long value) {
    int digits = 1;
    while (value >= 10) {
      value /= 10;
      digits++;
    }
    return digits;
  }

  private void grow(int more) {
    long needed = (long) length + more;
    if (needed > limit) {
      throw new Overflow(limit);
    }
    if (needed <= array.length) {
      return;
    }
    long doubled = Math.max(needed, 2L * array.length);
    array = Arrays.copyOf(array, (int) Math.min(doubled, LARGEST_ARRAY));
  }
}
