package dss.bench;

import java.util.List;

/**
 * Requests to etcd as pieces of text, a character for each byte: gRPC's prefix (not compressed, the length in four
 * bytes), then PutRequest or RangeRequest of etcd's {@code rpc.proto}, of which only key (field 1) and value (field 2) are
 * needed. A range without {@code serializable} is a linearizable read. Stateless.
 */
final class EtcdRequests {
  /** Tags of protobuf: the field's number, and that a length and bytes follow. */
  private static final String KEY = "\n";
  private static final String VALUE = "\22";

  private EtcdRequests() {}

  /** The path of the call. */
  static String path(Kind kind) {
    return "/etcdserverpb.KV/" + switch (kind) {
      case SET -> "Put";
      case GET -> "Range";
      default -> throw unknown(kind);
    };
  }

  static List<String> texts(Kind kind, KeySpace keys) {
    String name = keys.keyPrefix(kind) + RequestForm.DIGITS;
    String key = KEY + number(name.length()) + name;
    return switch (kind) {
      case SET -> {
        String beforeValue = key + VALUE + number(keys.valueBytes());
        yield List.of(prefix(beforeValue.length() + keys.valueBytes()) + beforeValue, "");
      }
      case GET -> List.of(prefix(key.length()) + key);
      default -> throw unknown(kind);
    };
  }

  private static IllegalArgumentException unknown(Kind kind) {
    return new IllegalArgumentException("etcd has no " + kind.word());
  }

  private static String prefix(int length) {
    var text = new StringBuilder("\0");
    for (int shift = 24; shift >= 0; shift -= 8) {
      text.append((char) (length >>> shift & 0xff));
    }
    return text.toString();
  }

  /** As protobuf has it: seven bits in each byte, the lowest first. */
  private static String number(int value) {
    var text = new StringBuilder();
    int left = value;
    while (left > 0x7f) {
      text.append((char) (left & 0x7f | 0x80));
      left >>>= 7;
    }
    return text.append((char) left).toString();
  }
}
