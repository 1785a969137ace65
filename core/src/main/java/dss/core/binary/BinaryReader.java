package dss.core.binary;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Reads what {@link BinaryWriter} wrote. Anything malformed is a {@link MalformedException}, never more. */
public final class BinaryReader {
  private final byte[] array;
  private final int end;
  private int at;

  public BinaryReader(byte[] array) {
    this(array, 0, array.length);
  }

  public BinaryReader(byte[] array, int from, int end) {
    this.array = array;
    this.at = from;
    this.end = end;
  }

  /** The bytes are not what they should be. */
  public static final class MalformedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public MalformedException(String message) {
      super(message);
    }
  }

  public int u8() {
    need(1);
    return array[at++] & 0xff;
  }

  public boolean bool() {
    int value = u8();
    if (value > 1) {
      throw new MalformedException("a truth value of " + value);
    }
    return value == 1;
  }

  public long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int b = u8();
      value |= (long) (b & 0x7f) << shift;
      if (b < 0x80) {
        return value;
      }
    }
    throw new MalformedException("a number without an end");
  }

  /** A varint that is a non-negative int. */
  public int integer() {
    long value = varint();
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw new MalformedException("a number out of range: " + value);
    }
    return (int) value;
  }

  public long fixed64() {
    need(8);
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value |= (array[at++] & 0xffL) << (8 * i);
    }
    return value;
  }

  public String text() {
    int length = count(1);
    String text = new String(array, at, length, StandardCharsets.UTF_8);
    at += length;
    return text;
  }

  public byte[] bytes() {
    int length = count(1);
    byte[] bytes = Arrays.copyOfRange(array, at, at + length);
    at += length;
    return bytes;
  }

  public <T> List<T> list(Function<BinaryReader, T> each) {
    int size = count(1);
    var items = new ArrayList<T>(size);
    for (int i = 0; i < size; i++) {
      items.add(each.apply(this));
    }
    return items;
  }

  public List<Integer> ints() {
    return list(BinaryReader::integer);
  }

  /** Where the next byte is read from. */
  public int position() {
    return at;
  }

  public void skip(int bytes) {
    need(bytes);
    at += bytes;
  }

  public int remaining() {
    return end - at;
  }

  /** A count of items of at least {@code least} bytes each: never more than there is. */
  private int count(int least) {
    int count = integer();
    if ((long) count * least > end - at) {
      throw new MalformedException("a count of " + count + " with " + (end - at) + " bytes left");
    }
    return count;
  }

  private void need(int bytes) {
    if (bytes < 0 || end - at < bytes) {
      throw new MalformedException("cut short: " + bytes + " bytes wanted, " + (end - at) + " left");
    }
  }
}
