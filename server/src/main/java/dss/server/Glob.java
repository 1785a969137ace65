package dss.server;

/** Redis' patterns: * ? [abc] [^a] [a-z] and \ before a character that means itself. */
final class Glob {
  private Glob() {}

  static boolean matches(String pattern, String text) {
    return matches(pattern, 0, text, 0);
  }

  private static boolean matches(String pattern, int p, String text, int t) {
    while (p < pattern.length()) {
      char c = pattern.charAt(p);
      if (c == '*') {
        while (p + 1 < pattern.length() && pattern.charAt(p + 1) == '*') {
          p++;
        }
        for (int from = t; from <= text.length(); from++) {
          if (matches(pattern, p + 1, text, from)) {
            return true;
          }
        }
        return false;
      }
      if (t >= text.length()) {
        return false;
      }
      if (c == '[') {
        int end = pattern.indexOf(']', p + 1);
        if (end < 0 || !inClass(pattern.substring(p + 1, end), text.charAt(t))) {
          return false;
        }
        p = end + 1;
        t++;
        continue;
      }
      if (c == '\\' && p + 1 < pattern.length()) {
        c = pattern.charAt(++p);
      } else if (c == '?') {
        c = text.charAt(t);
      }
      if (c != text.charAt(t)) {
        return false;
      }
      p++;
      t++;
    }
    return t == text.length();
  }

  private static boolean inClass(String members, char c) {
    boolean not = members.startsWith("^");
    boolean found = false;
    for (int i = not ? 1 : 0; i < members.length(); i++) {
      if (i + 2 < members.length() && members.charAt(i + 1) == '-') {
        found |= members.charAt(i) <= c && c <= members.charAt(i + 2);
        i += 2;
      } else {
        found |= members.charAt(i) == c;
      }
    }
    return found != not;
  }
}
