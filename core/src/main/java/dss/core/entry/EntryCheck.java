package dss.core.entry;

import static dss.core.entry.LittleEndian.getInt;

import org.jspecify.annotations.Nullable;

/** Whether bytes from outside (a frame, a file) are a well-formed entry: nothing in them points outside. */
public final class EntryCheck {
  private EntryCheck() {}

  /** What is wrong with the entry that should begin at {@code at} and end at or before {@code end}; null if nothing. */
  public static @Nullable String fault(byte[] array, int at, int end) {
    if (end - at < Entry.HEADER) {
      return "an entry is cut short";
    }
    int length = getInt(array, at);
    if (length < Entry.HEADER || (length & 7) != 0 || length > end - at) {
      return "an entry of length " + length;
    }
    Entry entry = Entry.at(array, at);
    int limit = at + length;
    int effect = entry.firstEffect();
    for (int i = 0; i < entry.effects(); i++) {
      if (limit - effect < Entry.EFFECT_HEADER) {
        return "effect " + i + " is cut short";
      }
      int size = getInt(array, effect);
      if (size < Entry.EFFECT_HEADER || (size & 7) != 0 || size > limit - effect) {
        return "effect " + i + " of length " + size;
      }
      long key = getInt(array, effect + 16);
      long element = getInt(array, effect + 20);
      long value = getInt(array, effect + 24);
      if (key < 0 || element < 0 || value < 0
          || Entry.keyAt(array, effect) + key + element + value > effect + (long) size) {
        return "effect " + i + " points outside itself";
      }
      if (getInt(array, effect + 28) != effect - at) {
        return "effect " + i + " does not know its entry";
      }
      effect += size;
    }
    return effect == limit ? null : "an entry of length " + length + " with effects up to " + (effect - at);
  }
}
