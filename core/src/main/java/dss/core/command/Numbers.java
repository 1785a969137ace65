package dss.core.command;

import dss.protocol.Bytes;
import dss.protocol.OutBuffer;

/** Whole numbers as Redis reads them: decimal, no spaces, no plus sign, no leading zeros, no minus zero. */
final class Numbers {
  private static final int LONGEST = 20;

  private Numbers() {}

  static boolean isLong(Bytes text) {
    int length = text.length();
    if (length == 0 || length > LONGEST) {
      return false;
    }
    boolean negative = text.at(0) == '-';
    int at = negative ? 1 : 0;
    if (at == length || text.at(at) == '0') {
      return length == 1 && !negative;
    }
    long value = 0;
    for (; at < length; at++) {
      int digit = text.at(at) - '0';
      if (digit < 0 || digit > 9 || value < Long.MIN_VALUE / 10) {
        return false;
      }
      long tens = value * 10;
      value = tens - digit;
      if (value > tens) {
        return false;
      }
    }
    return negative || value != Long.MIN_VALUE;
  }

  /** The value of what {@link #isLong} accepts. */
  static long toLong(Bytes text) {
    boolean negative = text.at(0) == '-';
    long value = 0;
    for (int at = negative ? 1 : 0; at < text.length(); at++) {
      value = value * 10 - (text.at(at) - '0');
    }
    return negative ? value : -value;
  }

  static Bytes toBytes(long value) {
    var out = new OutBuffer(LONGEST);
    out.putDecimal(value);
    return Bytes.wrap(out.take());
  }
}
