package dss.bench;

import java.util.ArrayList;
import java.util.List;

/** Requests of RESP2 as pieces of text. Stateless. */
final class RespRequests {
  private RespRequests() {}

  static List<String> texts(Kind kind, KeySpace keys) {
    String name = keys.keyPrefix(kind) + RequestForm.DIGITS;
    String key = word(name);
    String value = "$" + keys.valueBytes() + "\r\n";
    return switch (kind) {
      case SET, APPEND -> List.of("*3\r\n" + word(kind.name()) + key + value, "\r\n");
      case GET, INCR, DEL -> List.of("*2\r\n" + word(kind.name()) + key);
      case MSET -> {
        String oneSlot = keys.isTagged() ? name : "{" + name + "}";
        var texts = new ArrayList<String>();
        String before = "*" + (1 + 2 * Kind.MSET_KEYS) + "\r\n" + word(kind.name());
        for (int i = 0; i < Kind.MSET_KEYS; i++) {
          texts.add(before + word(oneSlot + ":" + i) + value);
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
}
