package dss.app;

import com.fasterxml.jackson.jr.ob.JSON;
import dss.core.cluster.Address;
import dss.protocol.Reply;
import dss.protocol.Request;
import dss.protocol.RespLimits;
import dss.wire.ClientConnection;
import dss.wire.RespConnector;
import dss.wire.Transport;
import dss.wire.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A blocking connection to the ECS that leads, made anew where it breaks. For one thread. */
final class AdminLink implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdminLink.class);
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration CONNECT = Duration.ofSeconds(2);
  /** What takes its time: a server registers, an ECS is admitted. */
  private static final Duration CHANGED = Duration.ofSeconds(45);
  private static final Duration REPLY = Duration.ofSeconds(5);
  private static final Set<String> CHANGES = Set.of("add", "remove", "ecs", "rebalance", "cancel", "resume");
  private static final long AGAIN_MS = 200;

  private final List<Address> ecs;
  private int next;
  private boolean resent;
  private final Transport transport = Transport.create("admin", 1);
  private final RespConnector connector = new RespConnector(transport, RespLimits.CLIENT);
  private @Nullable ClientConnection connection;

  AdminLink(List<Address> ecs) {
    this.ecs = new ArrayList<>(ecs);
  }

  /** The reply of the ECS that leads; CommandFailed with {@link Exit#NOBODY} where none answers for 15 s. */
  Reply ask(Request request) throws CommandFailed, InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    String why = "no ECS answers";
    Duration bound = CHANGES.contains(request.name().asUtf8().toLowerCase(Locale.ROOT)) ? CHANGED : REPLY;
    boolean sent = false;
    resent = false;
    while (true) {
      Address at = ecs.get(next % ecs.size());
      try {
        ClientConnection to = open(at);
        boolean again = sent;
        sent = true;
        Reply reply = Waiting.await(to.send(request), bound);
        resent = again;
        if (!(reply instanceof Reply.Error error) || !error.text().contains("does not lead now")) {
          return reply;
        }
        why = "no ECS leads";
      } catch (IOException e) {
        LOG.debug("no answer at {}", at, e);
      }
      leave();
      if (System.nanoTime() >= until) {
        throw new CommandFailed(Exit.NOBODY, why + " at " + join(ecs) + " within " + PATIENCE.toSeconds()
            + " s: is dss ecs running? Name it with --ecs HOST:PORT");
      }
      Thread.sleep(AGAIN_MS);
    }
  }

  /** Whether the last request was sent more than once: what it asked for may have been done already. */
  boolean resent() {
    return resent;
  }

  /** Another one is asked next. */
  private void leave() {
    ClientConnection now = connection;
    if (now != null) {
      now.close();
    }
    connection = null;
    next++;
  }

  private static String join(List<Address> addresses) {
    return String.join(", ", addresses.stream().map(Address::toString).toList());
  }

  private ClientConnection open(Address at) throws IOException, InterruptedException {
    ClientConnection now = connection;
    if (now == null || !now.isOpen()) {
      now = Waiting.await(connector.connect(at.host(), at.port(), CONNECT), CONNECT);
      connection = now;
    }
    return now;
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
      Map<String, Object> report = JSON.std.mapFrom(text(Request.of("PRINT", "JSON")));
      learn(report);
      return report;
    } catch (IOException e) {
      throw new CommandFailed(Exit.REFUSED,
          "what answers as the ECS does not speak its language: " + e.getMessage());
    }
  }

  /** The ECS that was named may go while another goes on. */
  private void learn(Map<String, Object> report) {
    if (report.get("ecs") instanceof Map<?, ?> told && told.get("members") instanceof List<?> members) {
      for (Object member : members) {
        Address at = Address.parse(String.valueOf(member));
        if (!ecs.contains(at)) {
          ecs.add(at);
        }
      }
    }
  }

  @Override
  public void close() {
    transport.close();
  }
}
