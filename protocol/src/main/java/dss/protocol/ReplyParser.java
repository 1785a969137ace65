package dss.protocol;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Replies out of bytes as they come, in pieces of any size: every type of RESP2 and RESP3 but streamed ones.
 *
 * <p>Sets and pushes read as arrays, big numbers as bulks of their digits, bulk errors as errors; attributes are
 * skipped. Memory follows the bytes that have come, never a length that was only announced. For one thread at a time.
 */
public final class ReplyParser {
  private static final int INITIAL_BYTES = 256;
  private static final int KEPT_BYTES = 64 * 1024;

  /** An aggregate that is not complete: which one, and how many items it still lacks. */
  private static final class Frame {
    final int type;
    final List<Reply> items = new ArrayList<>();
    long left;

    Frame(int type, long left) {
      this.type = type;
      this.left = left;
    }
  }

  private final RespLimits limits;
  private final ArrayList<Frame> open = new ArrayList<>();
  private byte[] buffer = new byte[INITIAL_BYTES];
  private int length;
  /** The type of the bulk that is being read, 0 while a line is. */
  private int bulkType;
  private int bulkLength;
  private long frameBytes;
  private boolean push;
  private @Nullable Reply reply;

  public ReplyParser(RespLimits limits) {
    this.limits = limits;
  }

  /**
   * Takes bytes until a reply is complete or there are no more.
   *
   * @return where it stopped: {@code to}, or just after the reply that {@link #take} now gives
   */
  public int feed(byte[] in, int from, int to) throws ProtocolError {
    int at = from;
    while (at < to && reply == null) {
      at = bulkType != 0 ? bulk(in, at, to) : line(in, at, to);
    }
    return at;
  }

  public boolean ready() {
    return reply != null;
  }

  /** Whether the reply that is ready is a push: it answers no request. */
  public boolean isPush() {
    return push;
  }

  /** The complete reply; the parser begins with the next one. */
  public Reply take() {
    Reply taken = reply;
    if (taken == null) {
      throw new IllegalStateException("no reply is complete");
    }
    reply = null;
    push = false;
    frameBytes = 0;
    return taken;
  }

  private int line(byte[] in, int at, int to) throws ProtocolError {
    int end = at;
    while (end < to && in[end] != '\n') {
      end++;
    }
    if (length + (end - at) > limits.inlineBytes()) {
      throw new ProtocolError("too long a line in a reply");
    }
    append(in, at, end - at, limits.inlineBytes());
    if (end == to) {
      return to;
    }
    if (length < 2 || buffer[length - 1] != '\r') {
      throw new ProtocolError("a line of a reply without its end");
    }
    int type = buffer[0];
    String text = new String(buffer, 1, length - 2, StandardCharsets.UTF_8);
    count(length);
    length = 0;
    try {
      lineRead(type, text);
    } catch (IllegalArgumentException e) {
      throw new ProtocolError("a broken reply of type '" + (char) type + "'");
    }
    return end + 1;
  }

  private void lineRead(int type, String text) throws ProtocolError {
    switch (type) {
      case '+' -> complete(new Reply.Simple(text));
      case '-' -> complete(new Reply.Error(text));
      case ':' -> complete(new Reply.Int(Long.parseLong(text)));
      case '_' -> complete(Reply.NULL);
      case ',' -> complete(new Reply.Real(ReplyWriter.real(text)));
      case '#' -> complete(new Reply.Bool(truth(text)));
      case '(' -> complete(Reply.bulk(new java.math.BigInteger(text).toString()));
      case '$', '=', '!' -> bulkBegins(type, Integer.parseInt(text));
      case '*', '~', '>', '%', '|' -> aggregateBegins(type, Integer.parseInt(text));
      default -> throw new ProtocolError("a reply of an unknown type");
    }
  }

  private static boolean truth(String text) {
    if (!text.equals("t") && !text.equals("f")) {
      throw new IllegalArgumentException(text);
    }
    return text.equals("t");
  }

  // ---- bulks

  private void bulkBegins(int type, int size) throws ProtocolError {
    if (size == -1 && type == '$') {
      complete(Reply.NULL);
      return;
    }
    if (size < 0 || size > limits.bulkBytes()) {
      throw new ProtocolError("invalid bulk length");
    }
    count(size);
    bulkType = type;
    bulkLength = size;
  }

  private int bulk(byte[] in, int at, int to) throws ProtocolError {
    int whole = bulkLength + 2;
    int taken = Math.min(whole - length, to - at);
    append(in, at, taken, whole);
    if (length < whole) {
      return at + taken;
    }
    if (buffer[whole - 2] != '\r' || buffer[whole - 1] != '\n') {
      throw new ProtocolError("a bulk of a reply without its end");
    }
    int type = bulkType;
    Bytes bytes = bulkTaken();
    bulkType = 0;
    length = 0;
    switch (type) {
      case '$' -> complete(new Reply.Bulk(bytes));
      case '=' -> complete(new Reply.Text(bytes.slice(Math.min(4, bytes.length()), bytes.length()).asUtf8()));
      default -> complete(new Reply.Error(bytes.asUtf8().replace('\r', ' ').replace('\n', ' ')));
    }
    return at + taken;
  }

  /** The bulk's bytes in an array of their own; a large buffer is given away rather than copied. */
  private Bytes bulkTaken() {
    if (bulkLength <= KEPT_BYTES) {
      return Bytes.copyOf(buffer, 0, bulkLength);
    }
    byte[] taken = buffer;
    buffer = new byte[INITIAL_BYTES];
    return Bytes.wrap(taken, 0, bulkLength);
  }

  // ---- aggregates

  private void aggregateBegins(int type, int size) throws ProtocolError {
    if (size == -1 && type == '*') {
      complete(Reply.NULL);
      return;
    }
    if (size < 0 || size > limits.arrayLength()) {
      throw new ProtocolError("invalid multibulk length");
    }
    if (open.size() >= limits.nesting()) {
      throw new ProtocolError("replies nested too deeply");
    }
    open.add(new Frame(type, type == '%' || type == '|' ? 2L * size : size));
    closeComplete();
  }

  private void complete(Reply item) {
    if (open.isEmpty()) {
      reply = item;
      return;
    }
    Frame frame = open.get(open.size() - 1);
    frame.items.add(item);
    frame.left--;
    closeComplete();
  }

  private void closeComplete() {
    while (!open.isEmpty() && open.get(open.size() - 1).left == 0) {
      Frame frame = open.remove(open.size() - 1);
      if (frame.type == '|') {
        return;
      }
      Reply item = frame.type == '%' ? new Reply.Map(frame.items) : new Reply.Array(frame.items);
      if (open.isEmpty()) {
        reply = item;
        push = frame.type == '>';
        return;
      }
      Frame outer = open.get(open.size() - 1);
      outer.items.add(item);
      outer.left--;
    }
  }

  // ---- bytes

  private void count(long bytes) throws ProtocolError {
    frameBytes += bytes;
    if (frameBytes > limits.frameBytes()) {
      throw new ProtocolError("a reply of more than " + limits.frameBytes() + " bytes");
    }
  }

  private void append(byte[] in, int at, int count, long announced) {
    int needed = length + count;
    if (needed > buffer.length) {
      long grown = Math.min(Math.max(needed, announced), 2L * buffer.length);
      buffer = Arrays.copyOf(buffer, (int) Math.max(needed, grown));
    }
    System.arraycopy(in, at, buffer, length, count);
    length = needed;
  }
}
