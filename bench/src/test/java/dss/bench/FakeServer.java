package dss.bench;

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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A tiny server that keeps what is SET and answers as it is told. */
final class FakeServer implements RequestHandler, AutoCloseable {
  /** Instead of a reply: the connection is closed. */
  static final Reply CLOSE = Reply.error("a fake closes");
  /** Instead of a reply: nothing, for ever. */
  static final Reply SILENCE = Reply.error("a fake is silent");

  final Endpoint endpoint;
  final Map<Bytes, Bytes> store = new ConcurrentHashMap<>();
  final AtomicInteger requests = new AtomicInteger();
  /** That were opened. */
  final AtomicInteger connections = new AtomicInteger();
  volatile Supplier<Reply> slots = () -> Reply.error("ERR This instance has cluster support disabled");
  /** What is answered instead, null: nothing else. */
  volatile Function<Request, @Nullable Reply> rule = request -> null;
  volatile long delayMs;
  /** The most requests that came over one connection. */
  final AtomicInteger mostOverOne = new AtomicInteger();
  private final Map<RespConnection, Integer> over = new ConcurrentHashMap<>();
  private final Transport transport;
  private final EventLoop loop;
  private volatile RespServer server;

  FakeServer(Transport transport) throws IOException {
    this.transport = transport;
    this.loop = transport.next();
    this.server = RespServer.listen(transport, loop, "127.0.0.1", 0, RespLimits.SERVER, this);
    this.endpoint = new Endpoint("127.0.0.1", server.port());
  }

  /** Nobody listens any more, until {@link #comesBack}. Not to be called on a loop. */
  void goesAway() {
    server.close();
  }

  void comesBack() throws IOException {
    server = RespServer.listen(transport, loop, "127.0.0.1", endpoint.port(), RespLimits.SERVER, this);
  }

  /** An entry of CLUSTER SLOTS: these slots are this server's. */
  Reply owns(int from, int to) {
    return Reply.array(Reply.integer(from), Reply.integer(to),
        Reply.array(Reply.bulk(endpoint.host()), Reply.integer(endpoint.port()), Reply.bulk("id")));
  }

  @Override
  public void opened(RespConnection connection) {
    connections.incrementAndGet();
  }

  @Override
  public void closed(RespConnection connection) {
    over.remove(connection);
  }

  @Override
  public void request(RespConnection connection, Request request, Ticket ticket) {
    if (request.name().equalsIgnoreCase("CLUSTER")) {
      ticket.answer(slots.get());
      return;
    }
    requests.incrementAndGet();
    mostOverOne.accumulateAndGet(over.merge(connection, 1, Integer::sum), Math::max);
    Reply reply = rule.apply(request);
    if (reply == SILENCE) {
      return;
    }
    if (reply == CLOSE) {
      connection.close();
    } else if (delayMs > 0) {
      loop.schedule(() -> ticket.answer(reply == null ? executed(request) : reply), delayMs,
          TimeUnit.MILLISECONDS);
    } else {
      ticket.answer(reply == null ? executed(request) : reply);
    }
  }

  private Reply executed(Request request) {
    if (request.name().equalsIgnoreCase("SET")) {
      store.put(request.get(1), request.get(2));
      return Reply.OK;
    }
    if (request.name().equalsIgnoreCase("GET")) {
      Bytes value = store.get(request.get(1));
      return value == null ? Reply.NULL : Reply.bulk(value);
    }
    return request.name().equalsIgnoreCase("MSET") ? Reply.OK : Reply.integer(1);
  }

  @Override
  public void close() {
    server.close();
  }
}
