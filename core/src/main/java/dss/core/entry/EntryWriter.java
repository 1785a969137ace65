package dss.core.entry;

import static dss.core.entry.LittleEndian.putInt;
import static dss.core.entry.LittleEndian.putLong;
import static dss.core.entry.LittleEndian.putShort;

import dss.protocol.Bytes;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Encodes entries into a scratch array that is reused: the entry returned is valid until the next call.
 * Not safe for two threads.
 */
public final class EntryWriter {
  /** A scratch array that a large entry has blown up beyond this is let go again. */
  private static final int KEEP_AT_MOST = 1 << 20;

  private byte[] scratch = new byte[4096];

  /** Encodes one entry; {@code time} is the hybrid time in microseconds. */
  public Entry write(int kind, int shard, long epoch, long seq, long time, @Nullable RequestId id,
      List<Effect> effects) {
    int length = length(id, effects);
    reserve(length);
    byte[] a = scratch;
    putInt(a, 0, length);
    a[4] = (byte) kind;
    a[5] = (byte) (id == null ? 0 : Entry.HAS_REQUEST_ID);
    putShort(a, 6, 0);
    putInt(a, 8, shard);
    putInt(a, 12, effects.size());
    putLong(a, 16, epoch);
    putLong(a, 24, seq);
    putLong(a, 32, time);
    int at = Entry.HEADER;
    if (id != null) {
      putLong(a, at, id.clientHigh());
      putLong(a, at + 8, id.clientLow());
      putLong(a, at + 16, id.requestSeq());
      at += Entry.REQUEST_ID;
    }
    for (int i = 0; i < effects.size(); i++) {
      at = writeEffect(a, at, effects.get(i));
    }
    return Entry.at(a, 0);
  }

  /** Bytes that such an entry takes. */
  public static int length(@Nullable RequestId id, List<Effect> effects) {
    long length = Entry.HEADER + (id == null ? 0 : Entry.REQUEST_ID);
    for (int i = 0; i < effects.size(); i++) {
      length += effectLength(effects.get(i));
    }
    if (length > Integer.MAX_VALUE - 1024) {
      throw new IllegalArgumentException("an entry of " + length + " bytes");
    }
    return (int) length;
  }

  private static int effectLength(Effect e) {
    int length = Entry.EFFECT_HEADER + (e.expireAt() == Effect.NEVER ? 0 : 8) + e.key().length()
        + e.element().length() + e.value().length();
    return (length + 7) & ~7;
  }

  private static int writeEffect(byte[] a, int at, Effect e) {
    int length = effectLength(e);
    boolean expires = e.expireAt() != Effect.NEVER;
    putInt(a, at, length);
    a[at + 4] = (byte) e.op();
    a[at + 5] = (byte) e.kind();
    a[at + 6] = (byte) e.type();
    a[at + 7] = (byte) (e.flags() | (expires ? Entry.HAS_EXPIRE_AT : 0));
    putShort(a, at + 8, e.slot());
    putShort(a, at + 10, 0);
    putInt(a, at + 12, KeyHash.of(e.key()));
    putInt(a, at + 16, e.key().length());
    putInt(a, at + 20, e.element().length());
    putInt(a, at + 24, e.value().length());
    putInt(a, at + 28, at);
    int to = at + Entry.EFFECT_HEADER;
    if (expires) {
      putLong(a, to, e.expireAt());
      to += 8;
    }
    to = append(a, to, e.key());
    to = append(a, to, e.element());
    to = append(a, to, e.value());
    Arrays.fill(a, to, at + length, (byte) 0);
    return at + length;
  }

  private static int append(byte[] a, int to, Bytes bytes) {
    bytes.copyTo(a, to);
    return to + bytes.length();
  }

  private void reserve(int length) {
    if (scratch.length < length) {
      scratch = new byte[Math.max(length, scratch.length * 2)];
    } else if (scratch.length > KEEP_AT_MOST && length <= KEEP_AT_MOST) {
      scratch = new byte[Math.max(length, 4096)];
    }
  }
}
