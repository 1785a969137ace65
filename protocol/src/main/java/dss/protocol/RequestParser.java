package dss.protocol;

import java.util.ArrayList;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Requests out of bytes as they come, in pieces of any size: RESP arrays of bulk strings and inline commands.
 *
 * <p>{@link #feed} takes bytes up to the end of one request; {@link #take} gives that request. Memory follows the
 * bytes that have come, never a length that was only announced. A word above {@link RespLimits#bulkBytes}, or a
 * request above {@link RespLimits#frameBytes}, is skipped and delivered with {@link Request#refusal()}: the
 * connection lives on. For one thread at a time.
 */
public final class RequestParser {
  /** Words beyond this (Redis' proto-max-bulk-len) are garbage rather than too large. */
  private static final long SKIPPED_BULK_BYTES = 512L << 20;
  /** A length line has at most so many characters; Redis allows 64 KiB of them, all of them zeros. */
  private static final int NUMBER_LENGTH = 32;
  /** Buffers above this go to their request as they are instead of being copied to the exact length. */
  private static final int HANDED_OVER_BYTES = 32 * 1024;
  private static final int INITIAL_BYTES = 512;
  private static final int INITIAL_WORDS = 8;

  private enum State {
    START, COUNT, BULK_START, BULK_LENGTH, BULK, BULK_END, INLINE, READY
  }

  private final RespLimits limits;
  private State state = State.START;
  private byte[] buffer = new byte[INITIAL_BYTES];
  private int length;
  private int[] ends = new int[INITIAL_WORDS];
  private int words;
  private int wordsLeft;
  private long bulkLeft;
  private boolean skipping;
  private @Nullable String refusal;
  private @Nullable Request request;

  private long number;
  private int numberLength;
  private boolean negative;
  private boolean returned;

  public RequestParser(RespLimits limits) {
    this.limits = limits;
  }

  /**
   * Takes bytes until a request is complete or there are no more.
   *
   * @return where it stopped: {@code to}, or just after the request that {@link #take} now gives
   */
  public int feed(byte[] in, int from, int to) throws ProtocolError {
    int at = from;
    while (at < to && state != State.READY) {
      switch (state) {
        case START -> at = start(in, at);
        case COUNT -> {
          if (number(in[at++], "multibulk length", "mbulk count string")) {
            counted();
          }
        }
        case BULK_START -> {
          if (in[at] != '$') {
            throw new ProtocolError("expected '$', got '" + printable(in[at]) + "'");
          }
          at++;
          startNumber(State.BULK_LENGTH);
        }
        case BULK_LENGTH -> {
          if (number(in[at++], "bulk length", "bulk count string")) {
            measured();
          }
        }
        case BULK -> at = bulk(in, at, to);
        case BULK_END -> bulkEnd(in[at++]);
        case INLINE -> at = inline(in, at, to);
        case READY -> throw new IllegalStateException();
      }
    }
    return at;
  }

  /** Whether {@link #take} has something to give. */
  public boolean ready() {
    return state == State.READY;
  }

  /** The complete request; the parser begins with the next one. */
  public Request take() {
    Request taken = request;
    if (taken == null) {
      throw new IllegalStateException("no request is complete");
    }
    reset();
    return taken;
  }

  /** Bytes held of a request that is not complete. */
  public int heldBytes() {
    return length;
  }

  private void reset() {
    state = State.START;
    request = null;
    refusal = null;
    length = 0;
    words = 0;
    if (ends.length > 1024) {
      ends = new int[INITIAL_WORDS];
    }
  }

  // ---- arrays

  private int start(byte[] in, int at) {
    if (in[at] == '*') {
      startNumber(State.COUNT);
      return at + 1;
    }
    state = State.INLINE;
    return at;
  }

  private void counted() throws ProtocolError {
    if (number > limits.arrayLength()) {
      throw new ProtocolError("invalid multibulk length");
    }
    wordsLeft = (int) number;
    state = number <= 0 ? State.START : State.BULK_START;
  }

  private void measured() throws ProtocolError {
    if (number < 0 || number > SKIPPED_BULK_BYTES) {
      throw new ProtocolError("invalid bulk length");
    }
    bulkLeft = number;
    if (number > limits.bulkBytes()) {
      refuse("ERR an argument of " + number + " bytes is longer than the limit of " + limits.bulkBytes()
          + " bytes");
    } else if (length + number > limits.frameBytes()) {
      refuse(
          "ERR the arguments of one request are longer than the limit of " + limits.frameBytes() + " bytes");
    }
    skipping = refusal != null;
    returned = false;
    state = number == 0 ? State.BULK_END : State.BULK;
  }

  /** From now on the words of this request are only counted, not kept. */
  private void refuse(String sentence) {
    if (refusal == null) {
      refusal = sentence;
    }
  }

  private int bulk(byte[] in, int at, int to) {
    int taken = (int) Math.min(bulkLeft, to - at);
    if (!skipping) {
      room(taken, bulkLeft);
      System.arraycopy(in, at, buffer, length, taken);
      length += taken;
    }
    bulkLeft -= taken;
    if (bulkLeft == 0) {
      state = State.BULK_END;
    }
    return at + taken;
  }

  private void bulkEnd(byte octet) throws ProtocolError {
    if (!returned) {
      if (octet != '\r') {
        throw new ProtocolError("expected the end of a bulk, got '" + printable(octet) + "'");
      }
      returned = true;
      return;
    }
    if (octet != '\n') {
      throw new ProtocolError("expected the end of a bulk, got '" + printable(octet) + "'");
    }
    endWord();
    if (--wordsLeft > 0) {
      state = State.BULK_START;
    } else {
      finish();
    }
  }

  private void endWord() {
    if (skipping && words > 0) {
      return;
    }
    if (words == ends.length) {
      ends = Arrays.copyOf(ends, 2 * words);
    }
    ends[words++] = length;
  }

  private void finish() {
    byte[] owned = handOver();
    String error = refusal;
    if (error == null) {
      var arguments = new Bytes[words];
      int from = 0;
      for (int i = 0; i < words; i++) {
        arguments[i] = Bytes.wrap(owned, from, ends[i] - from);
        from = ends[i];
      }
      request = Request.wrap(arguments);
    } else {
      request = Request.refused(Bytes.wrap(owned), error);
    }
    state = State.READY;
  }

  /** The bytes of the request in an array of its own. */
  private byte[] handOver() {
    if (refusal == null && length > HANDED_OVER_BYTES && buffer.length - length <= length >> 3) {
      byte[] owned = buffer;
      buffer = new byte[INITIAL_BYTES];
      return owned;
    }
    byte[] owned = Arrays.copyOf(buffer, refusal == null ? length : ends[0]);
    if (buffer.length > HANDED_OVER_BYTES) {
      buffer = new byte[INITIAL_BYTES];
    }
    return owned;
  }

  /** Room for bytes that are here; doubles towards what was announced, never beyond it. */
  private void room(int here, long announced) {
    int needed = length + here;
    if (needed > buffer.length) {
      long full = Math.max(needed, length + announced);
      buffer = Arrays.copyOf(buffer, (int) Math.max(needed, Math.min(full, 2L * buffer.length)));
    }
  }

  // ---- numbers

  private void startNumber(State next) {
    state = next;
    number = 0;
    numberLength = 0;
    negative = false;
    returned = false;
  }

  /** One more byte of a length line; true when it was the last. */
  private boolean number(byte octet, String what, String line) throws ProtocolError {
    if (returned) {
      if (octet != '\n') {
        throw new ProtocolError("invalid " + what);
      }
      return true;
    }
    if (octet == '\r' && numberLength > (negative ? 1 : 0)) {
      number = negative ? -number : number;
      returned = true;
    } else if (octet == '-' && numberLength == 0) {
      negative = true;
      numberLength++;
    } else if (octet >= '0' && octet <= '9') {
      if (++numberLength > NUMBER_LENGTH) {
        throw new ProtocolError("too big " + line);
      }
      number = number > Long.MAX_VALUE / 20 ? number : number * 10 + (octet - '0');
    } else {
      throw new ProtocolError("invalid " + what);
    }
    return false;
  }

  // ---- inline commands

  private int inline(byte[] in, int at, int to) throws ProtocolError {
    int end = at;
    while (end < to && in[end] != '\n') {
      end++;
    }
    if (length + (end - at) > limits.inlineBytes()) {
      throw new ProtocolError("too big inline request");
    }
    room(end - at, limits.inlineBytes());
    System.arraycopy(in, at, buffer, length, end - at);
    length += end - at;
    if (end == to) {
      return to;
    }
    int lineEnd = length > 0 && buffer[length - 1] == '\r' ? length - 1 : length;
    split(new WordSplitter(buffer, 0, lineEnd));
    return end + 1;
  }

  /** A web page could make a browser send us commands as the body of a request: its head ends the connection. */
  private void split(WordSplitter splitter) throws ProtocolError {
    var list = new ArrayList<Bytes>();
    try {
      for (Bytes word = splitter.next(); word != null; word = splitter.next()) {
        list.add(word);
      }
    } catch (WordSplitter.UnbalancedQuotes e) {
      throw new ProtocolError("unbalanced quotes in request");
    }
    reset();
    if (!list.isEmpty()) {
      if (list.get(0).equalsIgnoreCase("POST") || list.get(0).equalsIgnoreCase("HOST:")) {
        throw new ProtocolError("a web request");
      }
      request = Request.of(list);
      state = State.READY;
    }
  }

  private static String printable(byte octet) {
    return octet >= 0x20 && octet < 0x7f
        ? String.valueOf((char) octet)
        : String.format("\\x%02x", octet & 0xff);
  }
}
