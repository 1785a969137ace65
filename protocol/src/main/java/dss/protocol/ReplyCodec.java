package dss.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Replies as bytes and back, in RESP3's form: for outcomes that are remembered. Its inverse trusts its input. */
public final class ReplyCodec {
  private ReplyCodec() {}

  public static Bytes encode(Reply reply) {
    var out = new ByteArrayOutputStream(32);
    write(out, reply);
    return Bytes.wrap(out.toByteArray());
  }

  private static void write(ByteArrayOutputStream out, Reply reply) {
    if (reply instanceof Reply.Simple r) {
      line(out, '+', r.text());
    } else if (reply instanceof Reply.Error r) {
      line(out, '-', r.text());
    } else if (reply instanceof Reply.Int r) {
      line(out, ':', Long.toString(r.value()));
    } else if (reply instanceof Reply.Null) {
      line(out, '_', "");
    } else if (reply instanceof Reply.Real r) {
      line(out, ',', Double.toString(r.value()));
    } else if (reply instanceof Reply.Bool r) {
      line(out, '#', r.value() ? "t" : "f");
    } else if (reply instanceof Reply.Text r) {
      blob(out, '=', Bytes.utf8("txt:" + r.text()));
    } else if (reply instanceof Reply.Bulk r) {
      blob(out, '$', r.bytes());
    } else if (reply instanceof Reply.Array r) {
      line(out, '*', Integer.toString(r.items().size()));
      r.items().forEach(item -> write(out, item));
    } else if (reply instanceof Reply.Map r) {
      line(out, '%', Integer.toString(r.keysAndValues().size() / 2));
      r.keysAndValues().forEach(item -> write(out, item));
    }
  }

  private static void line(ByteArrayOutputStream out, char type, String text) {
    out.write(type);
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    out.write('\r');
    out.write('\n');
  }

  private static void blob(ByteArrayOutputStream out, char type, Bytes bytes) {
    line(out, type, Integer.toString(bytes.length()));
    out.write(bytes.array(), bytes.arrayOffset(), bytes.length());
    out.write('\r');
    out.write('\n');
  }

  /** The reply that {@link #encode} wrote; IllegalArgumentException for anything else. */
  public static Reply decode(Bytes encoded) {
    return new Decoder(encoded).next();
  }

  private static final class Decoder {
    private final Bytes in;
    private int at;

    Decoder(Bytes in) {
      this.in = in;
    }

    Reply next() {
      char type = (char) in.at(at++);
      String line = line();
      return switch (type) {
        case '+' -> new Reply.Simple(line);
        case '-' -> new Reply.Error(line);
        case ':' -> new Reply.Int(Long.parseLong(line));
        case '_' -> Reply.NULL;
        case ',' -> new Reply.Real(Double.parseDouble(line));
        case '#' -> new Reply.Bool(line.equals("t"));
        case '=' -> new Reply.Text(blob(line).asUtf8().substring(4));
        case '$' -> new Reply.Bulk(blob(line));
        case '*' -> new Reply.Array(items(Integer.parseInt(line)));
        case '%' -> new Reply.Map(items(2 * Integer.parseInt(line)));
        default -> throw new IllegalArgumentException("a reply of type '" + type + "'");
      };
    }

    private List<Reply> items(int count) {
      var items = new ArrayList<Reply>(count);
      for (int i = 0; i < count; i++) {
        items.add(next());
      }
      return items;
    }

    private String line() {
      int from = at;
      while (in.at(at) != '\r') {
        at++;
      }
      String line = in.slice(from, at).asUtf8();
      at += 2;
      return line;
    }

    private Bytes blob(String length) {
      int size = Integer.parseInt(length);
      Bytes bytes = in.slice(at, at + size).compact();
      at += size + 2;
      return bytes;
    }
  }
}
