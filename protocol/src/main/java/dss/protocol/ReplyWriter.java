package dss.protocol;

import java.util.List;

/** Replies as bytes of RESP2 or RESP3. Stateless; writes into the buffer it is given. */
public final class ReplyWriter {
  private ReplyWriter() {}

  /**
   * Appends a reply.
   *
   * @param protocol 2 or 3
   */
  public static void write(OutBuffer out, Reply reply, int protocol) {
    if (reply instanceof Reply.Bulk r) {
      blob(out, '$', r.bytes());
    } else if (reply instanceof Reply.Simple r) {
      line(out, '+', r.text());
    } else if (reply instanceof Reply.Int r) {
      number(out, ':', r.value());
    } else if (reply instanceof Reply.Null) {
      out.put(protocol == 3 ? "_\r\n" : "$-1\r\n");
    } else if (reply instanceof Reply.Error r) {
      line(out, '-', r.text());
    } else if (reply instanceof Reply.Array r) {
      number(out, '*', r.items().size());
      items(out, r.items(), protocol);
    } else {
      writeRare(out, reply, protocol);
    }
  }

  private static void writeRare(OutBuffer out, Reply reply, int protocol) {
    if (reply instanceof Reply.Map r) {
      int size = r.keysAndValues().size();
      number(out, protocol == 3 ? '%' : '*', protocol == 3 ? size / 2 : size);
      items(out, r.keysAndValues(), protocol);
    } else if (reply instanceof Reply.Text r) {
      if (protocol == 3) {
        blob(out, '=', Bytes.utf8("txt:" + r.text()));
      } else {
        blob(out, '$', Bytes.utf8(r.text()));
      }
    } else if (reply instanceof Reply.Real r) {
      if (protocol == 3) {
        line(out, ',', decimal(r.value()));
      } else {
        blob(out, '$', Bytes.utf8(decimal(r.value())));
      }
    } else if (reply instanceof Reply.Bool r) {
      if (protocol == 3) {
        line(out, '#', r.value() ? "t" : "f");
      } else {
        number(out, ':', r.value() ? 1 : 0);
      }
    }
  }

  private static void items(OutBuffer out, List<Reply> items, int protocol) {
    for (int i = 0; i < items.size(); i++) {
      write(out, items.get(i), protocol);
    }
  }

  private static void line(OutBuffer out, char type, String text) {
    out.put(type);
    out.put(text);
    out.putLineEnd();
  }

  static void number(OutBuffer out, char type, long value) {
    out.put(type);
    out.putDecimal(value);
    out.putLineEnd();
  }

  static void blob(OutBuffer out, char type, Bytes bytes) {
    number(out, type, bytes.length());
    out.put(bytes);
    out.putLineEnd();
  }

  /** As Redis writes it: inf, -inf, nan, whole numbers without a point, the shortest digits that read back. */
  static String decimal(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e17) {
      return value == 0 && 1 / value < 0 ? "-0" : Long.toString((long) value);
    }
    return Double.toString(value).replace(".0E", "e").replace("E", "e");
  }

  /** The inverse of {@link #decimal}; NumberFormatException for anything else. */
  static double real(String text) {
    return switch (text) {
      case "inf", "+inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      case "nan", "-nan" -> Double.NaN;
      default -> Double.parseDouble(text);
    };
  }
}
