package dss.storage;

import dss.core.entry.Effect;
import dss.core.entry.Entry;
import dss.core.entry.KeyHash;
import dss.core.entry.RequestId;
import dss.protocol.Bytes;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Keys of the store, big-endian so that their order is that of slot, kind and hash:
 *
 * <pre>
 * slot:2 | namespace:1 (0) | kind:1 | hash32(user key):4 | keyLen:varint | user key | [incarnation:8 | element]
 * outcomes: slot:2 | 0 | 4 | client id:16 | request seq:8 (-1, in the first slot: what is forgotten of the client)
 * a shard's record: first slot:2 | 0 | 255
 * </pre>
 *
 * Source: docs/formats.md (Store).
 */
final class StoreKey {
  static final int RECORD = 255;
  static final int PREFIX = 4;
  private static final int HASH = 4;
  private static final int MAX_VARINT = 5;

  private StoreKey() {}

  static byte[] of(int kind, int slot, Bytes key) {
    byte[] out = new byte[PREFIX + HASH + MAX_VARINT + key.length()];
    int at = prefix(out, slot, kind);
    if (kind != Effect.OUTCOMES) {
      at = putHash(out, at, KeyHash.of(key));
      at = putVarint(out, at, key.length());
    }
    key.copyTo(out, at);
    return Arrays.copyOf(out, at + key.length());
  }

  /** Most bytes that the key of an effect may take. */
  static int bound(byte[] array, int effectAt) {
    return PREFIX + HASH + MAX_VARINT + Entry.keyLength(array, effectAt)
        + Entry.elementLength(array, effectAt);
  }

  /** Writes the key of the record that an effect is about; returns its length. */
  static int ofEffect(byte[] array, int effectAt, byte[] out) {
    int kind = Entry.effectKind(array, effectAt);
    int at = prefix(out, Entry.effectSlot(array, effectAt), kind);
    if (kind != Effect.OUTCOMES) {
      at = putHash(out, at, Entry.effectHash(array, effectAt));
      at = putVarint(out, at, Entry.keyLength(array, effectAt));
    }
    int length = Entry.keyLength(array, effectAt) + Entry.elementLength(array, effectAt);
    System.arraycopy(array, Entry.keyAt(array, effectAt), out, at, length);
    return at + length;
  }

  static byte[] record(int firstSlot) {
    byte[] out = new byte[PREFIX];
    prefix(out, firstSlot, RECORD);
    return out;
  }

  /** Smallest key of a slot; of slot 16384 it is above all keys. */
  static byte[] ofSlot(int slot) {
    return new byte[]{(byte) (slot >>> 8), (byte) slot};
  }

  /** Smallest key of one kind in a slot. */
  static byte[] ofKind(int slot, int kind) {
    byte[] out = new byte[PREFIX];
    prefix(out, slot, kind);
    return out;
  }

  static int slot(byte[] key) {
    return (key[0] & 0xff) << 8 | key[1] & 0xff;
  }

  static int kind(byte[] key) {
    return key[3] & 0xff;
  }

  /** The user's key in the key of a header. */
  static Bytes userKey(byte[] key) {
    int at = PREFIX + HASH;
    int length = 0;
    for (int shift = 0;; shift += 7) {
      int b = key[at++];
      length |= (b & 0x7f) << shift;
      if (b >= 0) {
        break;
      }
    }
    return Bytes.copyOf(key, at, length);
  }

  /** Of the key of an outcome. */
  static RequestId requestId(byte[] key) {
    ByteBuffer id = ByteBuffer.wrap(key, PREFIX, key.length - PREFIX);
    return new RequestId(id.getLong(), id.getLong(), id.getLong());
  }

  private static int prefix(byte[] out, int slot, int kind) {
    out[0] = (byte) (slot >>> 8);
    out[1] = (byte) slot;
    out[2] = 0;
    out[3] = (byte) kind;
    return PREFIX;
  }

  private static int putHash(byte[] out, int at, int hash) {
    out[at] = (byte) (hash >>> 24);
    out[at + 1] = (byte) (hash >>> 16);
    out[at + 2] = (byte) (hash >>> 8);
    out[at + 3] = (byte) hash;
    return at + HASH;
  }

  private static int putVarint(byte[] out, int at, int value) {
    int rest = value;
    while (rest >= 0x80) {
      out[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    out[at++] = (byte) rest;
    return at;
  }
}
