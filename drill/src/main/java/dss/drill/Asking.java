package dss.drill;

import com.fasterxml.jackson.jr.ob.JSON;
import dss.core.cluster.Address;
import dss.protocol.Reply;
import dss.protocol.Request;
import dss.protocol.RespLimits;
import dss.wire.ClientConnection;
import dss.wire.InfoQuery;
import dss.wire.RespConnector;
import dss.wire.Transport;
import dss.wire.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Blocking requests to RESP ports, each with a bound. Safe for any thread but the transport's own. */
public final class Asking implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(1);
  private static final Duration REPLY = Duration.ofSeconds(15);

  private final Transport transport = Transport.create("drill", 1);
  private final RespConnector connector = new RespConnector(transport, RespLimits.CLIENT);

  /** A connection, or an IOException that says why there is none. */
  public ClientConnection connect(Address at) throws IOException {
    return wait(connector.connect(at.host(), at.port(), CONNECT), CONNECT.multipliedBy(2));
  }

  /** The reply to one request on a connection of its own. */
  public Reply ask(Address at, String... words) throws IOException {
    return wait(connector.ask(at.host(), at.port(), CONNECT, Request.of(words), REPLY), REPLY.plus(CONNECT));
  }

  /** The fields of INFO. */
  public Map<String, String> info(Address at) throws IOException {
    return wait(InfoQuery.ask(connector, at.host(), at.port(), CONNECT), CONNECT.multipliedBy(3));
  }

  /** A reply that is a text; an IOException with its words where it is an error. */
  public String text(Address at, String... words) throws IOException {
    return switch (ask(at, words)) {
      case Reply.Simple simple -> simple.text();
      case Reply.Bulk bulk -> bulk.bytes().asUtf8();
      case Reply.Text text -> text.text();
      case Reply.Error error -> throw new IOException(error.text());
      case Reply other -> throw new IOException("no text: " + other);
    };
  }

  /** The cluster as {@code print --json} tells it. */
  public Map<String, Object> report(Address ecs) throws IOException {
    return JSON.std.mapFrom(text(ecs, "PRINT", "JSON"));
  }

  static <T> T wait(CompletableFuture<T> future, Duration bound) throws IOException {
    try {
      return Waiting.await(future, bound);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    transport.close();
  }
}
