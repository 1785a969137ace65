package dss.protocol;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Splits a line into words as redis-cli does: by white space; "..." with \n \r \t \b \a \\ \" and \xHH, '...' with \'.
 * Goes on word by word, so that a caller may also take what is left as it stands. For one thread.
 */
public final class WordSplitter {
  private final byte[] line;
  private final int end;
  private int at;
  private final OutBuffer word = new OutBuffer(32);

  /** A quote that is not closed, or is closed in the middle of a word. */
  public static final class UnbalancedQuotes extends Exception {
    private static final long serialVersionUID = 1;

    UnbalancedQuotes() {
      super("unbalanced quotes in request", null, false, false);
    }
  }

  public WordSplitter(byte[] line, int from, int to) {
    this.line = line;
    this.at = from;
    this.end = to;
  }

  public WordSplitter(String line) {
    this(Bytes.utf8(line).toArray(), 0, Bytes.utf8(line).length());
  }

  /** All words of a line, perhaps none. */
  public static List<Bytes> split(String line) throws UnbalancedQuotes {
    var splitter = new WordSplitter(line);
    var words = new ArrayList<Bytes>();
    for (Bytes word = splitter.next(); word != null; word = splitter.next()) {
      words.add(word);
    }
    return words;
  }

  /** The next word, perhaps an empty one in quotes; null at the end of the line. */
  public @Nullable Bytes next() throws UnbalancedQuotes {
    skipSpace();
    if (at >= end || line[at] == 0) {
      at = end;
      return null;
    }
    word.clear();
    while (at < end) {
      int c = line[at];
      if (isSpace(c) || c == 0) {
        break;
      }
      at++;
      if (c == '"') {
        doubleQuoted();
      } else if (c == '\'') {
        singleQuoted();
      } else {
        word.put(c);
      }
    }
    return Bytes.wrap(word.take());
  }

  /** Whether the next word, if there is one, begins with a quote. */
  public boolean nextIsQuoted() {
    skipSpace();
    return at < end && (line[at] == '"' || line[at] == '\'');
  }

  /** All that is left as it stands, without the white space around it; the splitter is at its end afterwards. */
  public Bytes rest() {
    skipSpace();
    int to = end;
    while (to > at && isSpace(line[to - 1])) {
      to--;
    }
    Bytes rest = Bytes.copyOf(line, at, to - at);
    at = end;
    return rest;
  }

  private void doubleQuoted() throws UnbalancedQuotes {
    while (at < end) {
      int c = line[at++];
      if (c == '"') {
        requireWordEnd();
        return;
      }
      if (c == '\\' && at < end) {
        escape();
      } else {
        word.put(c);
      }
    }
    throw new UnbalancedQuotes();
  }

  private void escape() {
    int c = line[at++];
    if (c == 'x' && at + 1 < end && hex(line[at]) >= 0 && hex(line[at + 1]) >= 0) {
      word.put(hex(line[at]) << 4 | hex(line[at + 1]));
      at += 2;
      return;
    }
    word.put(switch (c) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'a' -> 7;
      default -> c;
    });
  }

  private void singleQuoted() throws UnbalancedQuotes {
    while (at < end) {
      int c = line[at++];
      if (c == '\'') {
        requireWordEnd();
        return;
      }
      if (c == '\\' && at < end && line[at] == '\'') {
        c = line[at++];
      }
      word.put(c);
    }
    throw new UnbalancedQuotes();
  }

  private void requireWordEnd() throws UnbalancedQuotes {
    if (at < end && !isSpace(line[at]) && line[at] != 0) {
      throw new UnbalancedQuotes();
    }
  }

  private void skipSpace() {
    while (at < end && isSpace(line[at])) {
      at++;
    }
  }

  private static boolean isSpace(int c) {
    return c == ' ' || c >= '\t' && c <= '\r';
  }

  private static int hex(int c) {
    return c < 0 ? -1 : Character.digit(c, 16);
  }
}
