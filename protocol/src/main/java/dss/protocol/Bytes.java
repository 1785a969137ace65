package dss.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An immutable run of bytes: keys, values, arguments. Equality is by content.
 *
 * <p>A view over an array that nobody changes any more: {@link #wrap} trusts its caller for that,
 * {@link #copyOf} does not need to. Safe for any thread.
 */
public final class Bytes implements Comparable<Bytes> {
  public static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

  private final byte[] array;
  private final int offset;
  private final int length;

  private Bytes(byte[] array, int offset, int length) {
    this.array = array;
    this.offset = offset;
    this.length = length;
  }

  /** Wraps without copying; the array must never change afterwards. */
  public static Bytes wrap(byte[] array) {
    return array.length == 0 ? EMPTY : new Bytes(array, 0, array.length);
  }

  /** Wraps a part without copying; that part of the array must never change afterwards. */
  public static Bytes wrap(byte[] array, int offset, int length) {
    if (offset < 0 || length < 0 || offset + length > array.length) {
      throw new IndexOutOfBoundsException(offset + "+" + length + " of " + array.length);
    }
    return length == 0 ? EMPTY : new Bytes(array, offset, length);
  }

  public static Bytes copyOf(byte[] array, int offset, int length) {
    return wrap(Arrays.copyOfRange(array, offset, offset + length));
  }

  public static Bytes utf8(String text) {
    return wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  public int length() {
    return length;
  }

  public boolean isEmpty() {
    return length == 0;
  }

  public byte at(int index) {
    if (index < 0 || index >= length) {
      throw new IndexOutOfBoundsException(index + " of " + length);
    }
    return array[offset + index];
  }

  public Bytes slice(int from, int to) {
    if (from < 0 || to < from || to > length) {
      throw new IndexOutOfBoundsException(from + ".." + to + " of " + length);
    }
    return wrap(array, offset + from, to - from);
  }

  public byte[] toArray() {
    return Arrays.copyOfRange(array, offset, offset + length);
  }

  /** The array behind this view, to be read only between {@link #arrayOffset()} and + {@link #length()}. */
  public byte[] array() {
    return array;
  }

  public int arrayOffset() {
    return offset;
  }

  public void copyTo(byte[] target, int at) {
    System.arraycopy(array, offset, target, at, length);
  }

  public String asUtf8() {
    return new String(array, offset, length, StandardCharsets.UTF_8);
  }

  /** The same bytes in an array of exactly their length: frees what a small view holds on to. */
  public Bytes compact() {
    return offset == 0 && length == array.length ? this : wrap(toArray());
  }

  /** ASCII-only, case-insensitive comparison with a word in upper case. */
  public boolean equalsIgnoreCase(String upper) {
    if (upper.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      int c = array[offset + i];
      if (c >= 'a' && c <= 'z') {
        c -= 32;
      }
      if (c != upper.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Bytes b
        && length == b.length
        && Arrays.equals(array, offset, offset + length, b.array, b.offset, b.offset + length);
  }

  @Override
  public int hashCode() {
    int h = 1;
    for (int i = offset; i < offset + length; i++) {
      h = 31 * h + array[i];
    }
    return h;
  }

  /** Unsigned, byte by byte, as the store orders keys. */
  @Override
  public int compareTo(Bytes b) {
    return Arrays.compareUnsigned(array, offset, offset + length, b.array, b.offset, b.offset + b.length);
  }

  /** Printable ASCII as it is, everything else as \xHH: for people. */
  @Override
  public String toString() {
    var out = new StringBuilder(length + 2);
    for (int i = offset; i < offset + length; i++) {
      int c = array[i] & 0xff;
      if (c >= 0x20 && c < 0x7f && c != '\\') {
        out.append((char) c);
      } else {
        out.append(String.format("\\x%02x", c));
      }
    }
    return out.toString();
  }
}
