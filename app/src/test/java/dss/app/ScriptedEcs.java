package dss.app;

import dss.core.cluster.Address;
import dss.protocol.Reply;
import dss.protocol.Request;
import dss.protocol.RespLimits;
import dss.wire.RequestHandler;
import dss.wire.RespConnection;
import dss.wire.RespServer;
import dss.wire.Ticket;
import dss.wire.Transport;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers what an admin asks with the next of the replies it was given; the last one it gives for ever. */
final class ScriptedEcs implements RequestHandler, AutoCloseable {
  /** In place of a reply: the connection ends. */
  static final Reply ENDS = Reply.error("it ends");
  final List<String> asked = new CopyOnWriteArrayList<>();
  private final ConcurrentLinkedDeque<Reply> replies;
  private final Transport transport = Transport.create("scripted", 1);
  private final RespServer server;

  ScriptedEcs(Reply... replies) throws IOException {
    this.replies = new ConcurrentLinkedDeque<>(List.of(replies));
    server = RespServer.listen(transport, transport.next(), "127.0.0.1", 0, RespLimits.SERVER, this);
  }

  Address address() {
    return new Address("127.0.0.1", server.port());
  }

  @Override
  public void opened(RespConnection connection) {}

  @Override
  public void closed(RespConnection connection) {}

  @Override
  public void request(RespConnection connection, Request request, Ticket ticket) {
    asked.add(String.join(" ", request.words().stream().map(Object::toString).toList()));
    Reply reply = replies.size() > 1 ? replies.removeFirst() : replies.getFirst();
    if (reply == ENDS) {
      connection.close();
    } else {
      ticket.answer(reply);
    }
  }

  @Override
  public void close() {
    server.close();
    transport.close();
  }
}
