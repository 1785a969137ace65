package dss.wire;

import dss.protocol.OutBuffer;
import dss.protocol.Reply;
import dss.protocol.ReplyWriter;
import org.jspecify.annotations.Nullable;

/** Open requests of one connection, oldest first; their replies leave in this order. On the loop. */
final class ReplyOrder {
  private @Nullable Ticket head;
  private @Nullable Ticket tail;
  private int openRequests;
  private long openBytes;

  /** Requests whose reply is not written yet, the answered ones that wait for others included. */
  int openRequests() {
    return openRequests;
  }

  long openBytes() {
    return openBytes;
  }

  boolean isEmpty() {
    return head == null;
  }

  /** The request that came last, if it is still open. */
  @Nullable
  Ticket newest() {
    return tail;
  }

  void add(Ticket ticket) {
    openRequests++;
    openBytes += ticket.requestBytes;
    if (tail == null) {
      head = ticket;
    } else {
      tail.next = ticket;
    }
    tail = ticket;
  }

  /** Whether an answer to this one can be written at once. */
  boolean isOldest(Ticket ticket) {
    return head == ticket;
  }

  /** Writes the reply of the oldest request, and those that waited for it. */
  void write(OutBuffer out, Ticket oldest, Reply reply) {
    ReplyWriter.write(out, reply, oldest.protocol);
    Ticket next = remove(oldest);
    while (next != null && next.reply != null) {
      ReplyWriter.write(out, next.reply, next.protocol);
      next = remove(next);
    }
  }

  private @Nullable Ticket remove(Ticket oldest) {
    openRequests--;
    openBytes -= oldest.requestBytes;
    head = oldest.next;
    if (head == null) {
      tail = null;
    }
    oldest.next = null;
    oldest.reply = null;
    return head;
  }
}
