package dss.wire;

import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * ECHO x answers x; HOLD x is kept until RELEASE answers all kept ones, newest first, and then itself; QUIT ends;
 * HELLO is the real one; OPENED answers how many connections there were so far; NAME answers the connection's name; BLOB n
 * answers n bytes; BUG throws; anything else PONG.
 */
final class TestHandler implements RequestHandler {
  private static final Hello HELLO = new Hello("7.0.0", "0.0.1", "cluster");

  record Held(Ticket ticket, Bytes word) {}

  final List<Held> held = new ArrayList<>();
  final AtomicInteger opened = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();
  final AtomicInteger requests = new AtomicInteger();
  volatile RespConnection last;

  TestHandler(RespConnection none) {
    last = none;
  }

  @SuppressWarnings("NullAway")
  TestHandler() {
    this(null);
  }

  @Override
  public void opened(RespConnection connection) {
    opened.incrementAndGet();
    last = connection;
  }

  @Override
  public void request(RespConnection connection, Request request, Ticket ticket) {
    requests.incrementAndGet();
    String refusal = request.refusal();
    if (refusal != null) {
      ticket.answer(Reply.error(refusal));
      return;
    }
    switch (request.name().asUtf8()) {
      case "ECHO" -> ticket.answer(Reply.bulk(request.get(1)));
      case "HOLD" -> held.add(new Held(ticket, request.get(1)));
      case "RELEASE" -> {
        ticket.answer(Reply.OK);
        release();
      }
      case "QUIT" -> {
        connection.closeAfterReplies();
        ticket.answer(Reply.OK);
      }
      case "HELLO" -> ticket.answer(HELLO.answer(connection, request));
      case "OPENED" -> ticket.answer(new Reply.Int(opened.get()));
      case "NAME" -> ticket.answer(Reply.bulk(connection.name()));
      case "NULL" -> ticket.answer(Reply.NULL);
      case "BLOB" ->
        ticket.answer(Reply.bulk(Bytes.wrap(new byte[Integer.parseInt(request.get(1).asUtf8())])));
      case "BUG" -> throw new IllegalStateException("a bug");
      default -> ticket.answer(Reply.PONG);
    }
  }

  /** On the loop. */
  void release() {
    while (!held.isEmpty()) {
      Held newest = held.remove(held.size() - 1);
      newest.ticket().answer(Reply.bulk(newest.word()));
    }
  }

  @Override
  public void closed(RespConnection connection) {
    closed.incrementAndGet();
  }
}
