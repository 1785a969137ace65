package dss.bench;

import dss.protocol.RespLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Finds where replies of RESP2 end, in bytes as they come, in pieces of any size; only what an error says is kept.
 * Allocates nothing but for errors. For one thread at a time.
 */
final class ReplyScanner {
  private static final int MOST_LINE_BYTES = 64 * 1024;
  /** Of an error line: enough for a word, a slot and an address. */
  private static final int KEPT_LINE_BYTES = 512;
  private static final int MOST_BULK_BYTES = RespLimits.CLIENT.bulkBytes();
  private static final long MOST_ITEMS = RespLimits.CLIENT.arrayLength();

  /** What is read next. */
  private enum Part {
    TYPE, LINE, ERROR, LENGTH, BODY
  }

  private final byte[] line = new byte[KEPT_LINE_BYTES];
  private Part part = Part.TYPE;
  private int type;
  private int lineBytes;
  private long number;
  private boolean negative;
  private long bodyLeft;
  /** Items that the reply still lacks, those of arrays inside it too: so no stack is needed. */
  private long itemsLeft;
  private boolean begun;
  private boolean insideArray;
  private boolean complete;
  private boolean absent;
  private boolean error;

  /** Forgets what has come: another connection begins. */
  void reset() {
    part = Part.TYPE;
    begun = false;
    complete = false;
  }

  /**
   * Reads until a reply is complete or there are no more bytes.
   *
   * @return where it stopped: {@code to}, or just after the reply, which {@link #isComplete} then says
   * @throws IOException where this is no RESP2 or too long; the connection is of no use any more
   */
  int scan(ByteBuffer in, int from, int to) throws IOException {
    if (!begun || complete) {
      begin();
    }
    int at = from;
    while (at < to && !complete) {
      if (part == Part.BODY) {
        int taken = (int) Math.min(bodyLeft, to - at);
        bodyLeft -= taken;
        at += taken;
        if (bodyLeft == 0) {
          itemRead();
        }
      } else {
        octet(in.get(at++));
      }
    }
    return at;
  }

  private void begin() {
    begun = true;
    complete = false;
    absent = false;
    error = false;
    insideArray = false;
    itemsLeft = 1;
    part = Part.TYPE;
  }

  private void octet(byte octet) throws IOException {
    switch (part) {
      case TYPE -> typeRead(octet);
      case LENGTH -> lengthOctet(octet);
      case LINE, ERROR -> lineOctet(octet);
      case BODY -> throw new AssertionError("bodies are skipped whole");
    }
  }

  private void typeRead(byte octet) throws IOException {
    type = octet;
    lineBytes = 0;
    number = 0;
    negative = false;
    part = switch (octet) {
      case '+', ':' -> Part.LINE;
      case '-' -> Part.ERROR;
      case '$', '*' -> Part.LENGTH;
      default ->
        throw new IOException("a reply begins with byte " + octet + ", which no reply of RESP2 does");
    };
  }

  private void lineOctet(byte octet) throws IOException {
    if (octet != '\n') {
      if (part == Part.ERROR && lineBytes < KEPT_LINE_BYTES) {
        line[lineBytes] = octet;
      }
      if (++lineBytes > MOST_LINE_BYTES) {
        throw new IOException("a line of a reply is longer than " + MOST_LINE_BYTES + " bytes");
      }
      return;
    }
    // An error inside an array is one of its items: the reply itself is none.
    error = part == Part.ERROR && !insideArray;
    itemRead();
  }

  private void lengthOctet(byte octet) throws IOException {
    if (octet >= '0' && octet <= '9' && number <= MOST_BULK_BYTES) {
      number = number * 10 + (octet - '0');
    } else if (octet == '-' && number == 0 && !negative) {
      negative = true;
    } else if (octet == '\n') {
      lengthRead();
    } else if (octet != '\r') {
      throw new IOException("a length of a reply that is none or too large");
    }
  }

  private void lengthRead() throws IOException {
    if (negative) {
      absent = !insideArray;
      itemRead();
    } else if (type == '*') {
      insideArray = true;
      itemsLeft += number;
      if (itemsLeft > MOST_ITEMS) {
        throw new IOException("a reply of more than " + MOST_ITEMS + " items");
      }
      itemRead();
    } else if (number > MOST_BULK_BYTES) {
      throw new IOException("a bulk of more than " + MOST_BULK_BYTES + " bytes");
    } else {
      bodyLeft = number + 2;
      part = Part.BODY;
    }
  }

  private void itemRead() {
    part = Part.TYPE;
    complete = --itemsLeft == 0;
  }

  boolean isComplete() {
    return complete;
  }

  /** Whether the complete reply is a null: nothing is there. */
  boolean isAbsent() {
    return absent;
  }

  boolean isError() {
    return error;
  }

  /** What the error says, without its minus. */
  String errorLine() {
    int length = Math.min(lineBytes, KEPT_LINE_BYTES);
    return new String(line, 0, length, StandardCharsets.UTF_8).stripTrailing();
  }
}
