package dss.app;

import dss.protocol.Bytes;
import dss.protocol.OutBuffer;
import dss.protocol.Reply;
import java.util.List;

/** Replies as one line for people and scripts, in bytes: words of the store as they are, others as redis-cli has them. */
final class ReplyLine {
  private ReplyLine() {}

  /** A word and what belongs to it, with spaces between: the bytes as they are, unless they would break the line. */
  static Bytes of(String word, Bytes... parts) {
    var out = new OutBuffer(64);
    out.put(word);
    for (Bytes part : parts) {
      out.put(' ');
      if (breaksLine(part)) {
        out.put(quoted(part));
      } else {
        out.put(part);
      }
    }
    return Bytes.wrap(out.take());
  }

  /** Any reply. */
  static Bytes of(Reply reply) {
    return reply instanceof Reply.Text text && !breaksLine(Bytes.utf8(text.text()))
        ? Bytes.utf8(text.text())
        : Bytes.utf8(text(reply));
  }

  /** With spaces between. */
  static Bytes joined(List<Bytes> words) {
    var out = new OutBuffer(64);
    for (int i = 0; i < words.size(); i++) {
      if (i > 0) {
        out.put(' ');
      }
      out.put(words.get(i));
    }
    return Bytes.wrap(out.take());
  }

  static Bytes error(String line) {
    return Bytes.utf8("(error) " + line.replace('\r', ' ').replace('\n', ' '));
  }

  private static String text(Reply reply) {
    return switch (reply) {
      case Reply.Simple simple -> simple.text();
      case Reply.Error error -> "(error) " + error.text();
      case Reply.Int number -> "(integer) " + number.value();
      case Reply.Bulk bulk -> quoted(bulk.bytes());
      case Reply.Null none -> "(nil)";
      case Reply.Array array -> list(array.items());
      case Reply.Map map -> list(map.keysAndValues());
      case Reply.Real real -> "(double) " + real.value();
      case Reply.Bool bool -> bool.value() ? "(true)" : "(false)";
      case Reply.Text text -> quoted(Bytes.utf8(text.text()));
    };
  }

  private static String list(List<Reply> items) {
    if (items.isEmpty()) {
      return "(empty array)";
    }
    var out = new StringBuilder();
    for (int i = 0; i < items.size(); i++) {
      Reply item = items.get(i);
      boolean nested = item instanceof Reply.Array || item instanceof Reply.Map;
      out.append(i == 0 ? "" : " ").append(i + 1).append(") ").append(nested ? "[" : "").append(text(item))
          .append(nested ? "]" : "");
    }
    return out.toString();
  }

  private static boolean breaksLine(Bytes bytes) {
    for (int i = 0; i < bytes.length(); i++) {
      if (bytes.at(i) == '\n' || bytes.at(i) == '\r') {
        return true;
      }
    }
    return false;
  }

  /** In double quotes, as a line of the client takes it back. */
  private static String quoted(Bytes bytes) {
    var out = new StringBuilder("\"");
    for (int i = 0; i < bytes.length(); i++) {
      int c = bytes.at(i) & 0xff;
      switch (c) {
        case '"', '\\' -> out.append('\\').append((char) c);
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c >= 0x20 && c < 0x7f) {
            out.append((char) c);
          } else {
            out.append(String.format("\\x%02x", c));
          }
        }
      }
    }
    return out.append('"').toString();
  }
}
