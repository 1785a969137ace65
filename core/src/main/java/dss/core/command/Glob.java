package dss.core.command;

import dss.protocol.Bytes;

/** Patterns of Redis: * any run, ? any character, [a-z] and [^a-z] sets, \ before a character that stands for itself. */
public final class Glob {
  private Glob() {}

  /** Whether all of the text, case apart, fits the pattern. Time at most the product of the lengths. */
  public static boolean matches(Bytes pattern, String text) {
    int p = 0;
    int t = 0;
    int starAt = -1;
    int starText = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.at(p) == '*') {
        starAt = p++;
        starText = t;
        continue;
      }
      int next = p < pattern.length() ? step(pattern, p, lower(text.charAt(t))) : -1;
      if (next >= 0) {
        p = next;
        t++;
      } else if (starAt >= 0) {
        p = starAt + 1;
        t = ++starText;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.at(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  /** The place behind the part of the pattern at {@code p}, if that part takes the character; else -1. */
  private static int step(Bytes pattern, int p, int c) {
    int head = pattern.at(p);
    if (head == '?') {
      return p + 1;
    }
    if (head == '[') {
      return set(pattern, p + 1, c);
    }
    if (head == '\\' && p + 1 < pattern.length()) {
      return lower(pattern.at(p + 1)) == c ? p + 2 : -1;
    }
    return lower(head) == c ? p + 1 : -1;
  }

  private static int set(Bytes pattern, int p, int c) {
    boolean not = p < pattern.length() && pattern.at(p) == '^';
    int at = not ? p + 1 : p;
    boolean found = false;
    while (at < pattern.length() && pattern.at(at) != ']') {
      if (pattern.at(at) == '\\' && at + 1 < pattern.length()) {
        at++;
      }
      int from = lower(pattern.at(at));
      int to = from;
      if (at + 2 < pattern.length() && pattern.at(at + 1) == '-') {
        to = lower(pattern.at(at + 2));
        at += 2;
      }
      found |= Math.min(from, to) <= c && c <= Math.max(from, to);
      at++;
    }
    return found != not ? Math.min(at + 1, pattern.length()) : -1;
  }

  private static int lower(int c) {
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
  }
}
