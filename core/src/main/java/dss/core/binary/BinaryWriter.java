package dss.core.binary;

import dss.protocol.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.function.BiConsumer;

/** Writes numbers, texts and lists into a growing array: the form of cluster states, reports and messages. */
public final class BinaryWriter {
  private byte[] array = new byte[256];
  private int length;

  public BinaryWriter u8(int value) {
    reserve(1);
    array[length++] = (byte) value;
    return this;
  }

  public BinaryWriter bool(boolean value) {
    return u8(value ? 1 : 0);
  }

  /** An unsigned number in groups of seven bits, small ones short. */
  public BinaryWriter varint(long value) {
    reserve(10);
    while ((value & ~0x7fL) != 0) {
      array[length++] = (byte) ((value & 0x7f) | 0x80);
      value >>>= 7;
    }
    array[length++] = (byte) value;
    return this;
  }

  /** Eight bytes, little-endian: for what is random. */
  public BinaryWriter fixed64(long value) {
    reserve(8);
    for (int i = 0; i < 8; i++) {
      array[length++] = (byte) (value >>> (8 * i));
    }
    return this;
  }

  public BinaryWriter text(String text) {
    return bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  public BinaryWriter bytes(byte[] bytes) {
    return bytes(bytes, 0, bytes.length);
  }

  /** Length, then the bytes. */
  public BinaryWriter bytes(byte[] bytes, int from, int count) {
    varint(count);
    return raw(bytes, from, count);
  }

  /** The bytes alone. */
  public BinaryWriter raw(byte[] bytes, int from, int count) {
    reserve(count);
    System.arraycopy(bytes, from, array, length, count);
    length += count;
    return this;
  }

  /** Count, then each item. */
  public <T> BinaryWriter list(Collection<T> items, BiConsumer<BinaryWriter, T> each) {
    varint(items.size());
    for (T item : items) {
      each.accept(this, item);
    }
    return this;
  }

  public BinaryWriter ints(Collection<Integer> items) {
    return list(items, (w, i) -> w.varint(i));
  }

  public int length() {
    return length;
  }

  public void reset() {
    length = 0;
  }

  public byte[] toArray() {
    return Arrays.copyOf(array, length);
  }

  public Bytes toBytes() {
    return Bytes.wrap(toArray());
  }

  /** The array behind, of which the first {@link #length()} bytes are written. */
  public byte[] array() {
    return array;
  }

  private void reserve(int more) {
    if (array.length - length < more) {
      array = Arrays.copyOf(array, Math.max(array.length * 2, length + more));
    }
  }
}
