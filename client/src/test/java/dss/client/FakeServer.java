package dss.client;

import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.Request;
import dss.protocol.RespLimits;
import dss.wire.RequestHandler;
import dss.wire.RespConnection;
import dss.wire.RespServer;
import dss.wire.Ticket;
import dss.wire.Transport;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A server that answers as it is told: what {@code once} holds first, one request each; then {@code always}; else as a
 * store would.
 */
final class FakeServer implements RequestHandler, AutoCloseable {
  /** Instead of a reply: the connection is closed, and the request was executed or not. */
  static final Reply CLOSE = Reply.error("a fake closes");
  static final Reply EXECUTE_AND_CLOSE = Reply.error("a fake executes and closes");
  /** Instead of a reply: nothing, for ever. */
  static final Reply SILENCE = Reply.error("a fake is silent");

  final Endpoint endpoint;
  final List<Request> requests = new CopyOnWriteArrayList<>();
  final ConcurrentLinkedDeque<Reply> once = new ConcurrentLinkedDeque<>();
  volatile @Nullable Function<Request, @Nullable Reply> always;
  volatile Supplier<Reply> slots = () -> Reply.EMPTY_ARRAY;
  /** As if it were stopped: connections are accepted, nothing is answered. */
  volatile boolean stopped;
  volatile int slotsAsked;
  /** New connections are greeted only by {@link #greet}. */
  volatile boolean slowToGreet;
  private final ConcurrentLinkedDeque<Ticket> ungreeted = new ConcurrentLinkedDeque<>();
  private final EventLoop loop;

  private final FakeStore store;
  private final RespServer server;

  FakeServer(Transport transport, FakeStore store) throws IOException {
    this.store = store;
    this.loop = transport.next();
    this.server = RespServer.listen(transport, loop, "127.0.0.1", 0, RespLimits.SERVER,
        this);
    this.endpoint = new Endpoint("127.0.0.1", server.port());
  }

  /** The words of a request without DSS.ONCE and its id. */
  static Request inner(Request request) {
    return request.name().equalsIgnoreCase("DSS.ONCE") ? request.tail(3) : request;
  }

  /** Client id and request seq. */
  static List<Bytes> id(Request request) {
    return request.words().subList(1, 3);
  }

  @Override
  public void opened(RespConnection connection) {}

  @Override
  public void closed(RespConnection connection) {}

  @Override
  public void request(RespConnection connection, Request request, Ticket ticket) {
    if (stopped) {
      return;
    }
    if (request.name().equalsIgnoreCase("PING") && slowToGreet) {
      ungreeted.add(ticket);
    } else if (request.name().equalsIgnoreCase("PING")) {
      ticket.answer(Reply.PONG);
    } else if (request.name().equalsIgnoreCase("CLUSTER")) {
      slotsAsked++;
      ticket.answer(slots.get());
    } else {
      requests.add(request);
      answer(connection, request, ticket);
    }
  }

  /** Greets those who wait for it. */
  void greet() {
    Eventually.eventually("someone waits for a greeting", () -> !ungreeted.isEmpty());
    slowToGreet = false;
    loop.execute(() -> ungreeted.forEach(ticket -> ticket.answer(Reply.PONG)));
  }

  private void answer(RespConnection connection, Request request, Ticket ticket) {
    Reply scripted = once.poll();
    Function<Request, @Nullable Reply> rule = always;
    if (scripted == null && rule != null) {
      scripted = rule.apply(request);
    }
    if (scripted == CLOSE) {
      connection.close();
    } else if (scripted == EXECUTE_AND_CLOSE) {
      store.execute(request);
      connection.close();
    } else if (scripted != SILENCE) {
      ticket.answer(scripted != null ? scripted : store.execute(request));
    }
  }

  /** Ends as a killed process does. */
  @Override
  public void close() {
    server.close();
  }
}
