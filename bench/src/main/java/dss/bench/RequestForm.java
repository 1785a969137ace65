package dss.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Requests of one kind as bytes, in which only the key's digits and the values differ: pieces of text with a value
 * after each but the last. A character of such a text is a byte. For one thread.
 */
final class RequestForm {
  /** Stands for the key's digits in a piece. */
  static final String DIGITS = "#".repeat(KeyName.DIGITS);
  /** Spreads values of neighbouring keys over the pool (the golden ratio). */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final KeyName name;
  private final ValuePool values;
  private final byte[][] pieces;
  /** Where the key's digits are in each piece, -1 where there are none. */
  private final int[] digitsAt;
  private long written;

  RequestForm(Protocol protocol, Kind kind, KeySpace keys, ValuePool values) {
    this.name = new KeyName(keys.keyPrefix(kind));
    this.values = values;
    List<String> texts = protocol.request(kind, keys);
    this.pieces = texts.stream().map(text -> text.getBytes(StandardCharsets.ISO_8859_1))
        .toArray(byte[][]::new);
    this.digitsAt = texts.stream().mapToInt(text -> text.indexOf(DIGITS)).toArray();
  }

  /** Those of each kind that the protocol has, at the places of their kinds. */
  static RequestForm[] all(Protocol protocol, KeySpace keys, ValuePool values) {
    var forms = new RequestForm[Kind.values().length];
    for (Kind kind : Kind.values()) {
      if (protocol.has(kind)) {
        forms[kind.ordinal()] = new RequestForm(protocol, kind, keys, values);
      }
    }
    return forms;
  }

  /** How long a request of this kind is. */
  static long bytes(Protocol protocol, Kind kind, KeySpace keys) {
    List<String> texts = protocol.request(kind, keys);
    return texts.stream().mapToLong(String::length).sum() + (texts.size() - 1L) * keys.valueBytes();
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
