package dss.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests of one kind as bytes, in which only the key's digits and the values differ: pieces of text with a value
 * after each but the last. For one thread.
 */
final class RequestForm {
  private static final String DIGITS = "#".repeat(KeyName.DIGITS);
  /** Spreads values of neighbouring keys over the pool (the golden ratio). */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final KeyName name;
  private final ValuePool values;
  private final byte[][] pieces;
  /** Where the key's digits are in each piece, -1 where there are none. */
  private final int[] digitsAt;
  private long written;

  RequestForm(Kind kind, ValuePool values) {
    this.name = new KeyName(kind.keyPrefix());
    this.values = values;
    List<String> texts = texts(kind, values.valueBytes());
    this.pieces = texts.stream().map(text -> text.getBytes(StandardCharsets.US_ASCII)).toArray(byte[][]::new);
    this.digitsAt = texts.stream().mapToInt(text -> text.indexOf(DIGITS)).toArray();
  }

  /** How long a request of this kind is. */
  static long bytes(Kind kind, int valueBytes) {
    List<String> texts = texts(kind, valueBytes);
    return texts.stream().mapToLong(String::length).sum() + (texts.size() - 1L) * valueBytes;
  }

  private static List<String> texts(Kind kind, int valueBytes) {
    String key = word(kind.keyPrefix() + DIGITS);
    String value = "$" + valueBytes + "\r\n";
    return switch (kind) {
      case SET, APPEND -> List.of("*3\r\n" + word(kind.name()) + key + value, "\r\n");
      case GET, INCR, DEL -> List.of("*2\r\n" + word(kind.name()) + key);
      case MSET -> {
        var texts = new ArrayList<String>();
        String before = "*" + (1 + 2 * Kind.MSET_KEYS) + "\r\n" + word(kind.name());
        for (int i = 0; i < Kind.MSET_KEYS; i++) {
          texts.add(before + word("{" + kind.keyPrefix() + DIGITS + "}:" + i) + value);
          before = "\r\n";
        }
        texts.add("\r\n");
        yield texts;
      }
    };
  }

  private static String word(String text) {
    return "$" + text.length() + "\r\n" + text + "\r\n";
  }

  /** The slot of this key, or of its tag. */
  int slot(long key) {
    name.set(key);
    return name.slot();
  }

  /**
   * Writes the request for this key.
   *
   * @return where it ends in {@code out}
   */
  int write(ByteBuffer out, int from, long key) {
    name.set(key);
    int at = from;
    for (int i = 0; i < pieces.length; i++) {
      byte[] piece = pieces[i];
      out.put(at, piece);
      if (digitsAt[i] >= 0) {
        out.put(at + digitsAt[i], name.bytes(), name.digitsFrom(), KeyName.DIGITS);
      }
      at += piece.length;
      if (i < pieces.length - 1) {
        int value = (int) ((written++ * SPREAD) >>> 32) & (ValuePool.OFFSETS - 1);
        out.put(at, values.bytes(), value, values.valueBytes());
        at += values.valueBytes();
      }
    }
    return at;
  }
}
