package dss.app;

import com.fasterxml.jackson.jr.ob.JSON;
import dss.core.cluster.Address;
import dss.protocol.Reply;
import dss.protocol.Request;
import dss.protocol.RespLimits;
import dss.wire.ClientConnection;
import dss.wire.RespConnector;
import dss.wire.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A blocking connection to the ECS that leads, made anew where it breaks. For one thread. */
final class AdminLink implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration REPLY = Duration.ofSeconds(20);
  private static final long AGAIN_MS = 200;

  private final List<Address> ecs;
  private final Transport transport = Transport.create("admin", 1);
  private final RespConnector connector = new RespConnector(transport, RespLimits.CLIENT);
  private @Nullable ClientConnection connection;

  AdminLink(List<Address> ecs) {
    this.ecs = List.copyOf(ecs);
  }

  /** The reply of the ECS that leads; CommandFailed with {@link Exit#NOBODY} where none answers for 15 s. */
  Reply ask(Request request) throws CommandFailed, InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    String why = "no ECS answers";
    for (int attempt = 0;; attempt++) {
      Address at = ecs.get(attempt % ecs.size());
      try {
        Reply reply = wait(open(at).send(request), REPLY);
        if (!(reply instanceof Reply.Error error) || !error.text().contains("does not lead now")) {
          return reply;
        }
        why = "no ECS leads";
      } catch (IOException e) {
        connection = null;
      }
      if (System.nanoTime() >= until) {
        throw new CommandFailed(Exit.NOBODY, why + " at " + join(ecs) + " within " + PATIENCE.toSeconds()
            + " s: is dss ecs running? Name it with --ecs HOST:PORT");
      }
      Thread.sleep(AGAIN_MS);
    }
  }

  private static String join(List<Address> addresses) {
    return String.join(", ", addresses.stream().map(Address::toString).toList());
  }

  private ClientConnection open(Address at) throws IOException, InterruptedException {
    ClientConnection now = connection;
    if (now == null || !now.isOpen()) {
      now = wait(connector.connect(at.host(), at.port(), CONNECT), CONNECT);
      connection = now;
    }
    return now;
  }

  private static <T> T wait(CompletableFuture<T> future, Duration bound)
      throws IOException, InterruptedException {
    try {
      return future.get(bound.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(String.valueOf(cause.getMessage()), cause);
    } catch (TimeoutException e) {
      throw new IOException("no reply within " + bound.toSeconds() + " s", e);
    }
  }

  /** The text of a reply that is no error; CommandFailed with its words otherwise. */
  String text(Request request) throws CommandFailed, InterruptedException {
    Reply reply = ask(request);
    return switch (reply) {
      case Reply.Error e -> throw new CommandFailed(Exit.REFUSED, e.text().replaceFirst("^ERR ", ""));
      case Reply.Simple s -> s.text();
      case Reply.Bulk b -> b.bytes().asUtf8();
      case Reply.Text t -> t.text();
      default -> reply.toString();
    };
  }

  /** The cluster as {@code print --json} tells it. */
  Map<String, Object> report() throws CommandFailed, InterruptedException {
    try {
      return JSON.std.mapFrom(text(Request.of("PRINT", "JSON")));
    } catch (IOException e) {
      throw new CommandFailed(Exit.REFUSED,
          "what answers as the ECS does not speak its language: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    transport.close();
  }
}
