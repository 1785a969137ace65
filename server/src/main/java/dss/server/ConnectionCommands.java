package dss.server;

import dss.core.cluster.DssVersion;
import dss.protocol.Reply;
import dss.protocol.Request;
import dss.wire.Hello;
import dss.wire.Ticket;
import java.util.List;
import java.util.Map;

/** Commands about the connection they come on. */
final class ConnectionCommands {
  private static final Hello HELLO = new Hello(DssVersion.REDIS, DssVersion.TEXT, "cluster");

  private ConnectionCommands() {}

  static void addTo(Map<String, PlainCommand> commands) {
    commands.put("ping", (request, ticket) -> ticket.answer(
        request.size() > 1 ? Reply.bulk(request.get(1)) : Reply.PONG));
    commands.put("echo", (request, ticket) -> ticket.answer(Reply.bulk(request.get(1))));
    commands.put("hello",
        (request, ticket) -> ticket.answer(HELLO.answer(ticket.connection(), request)));
    commands.put("quit", (request, ticket) -> {
      ticket.answer(Reply.OK);
      ticket.connection().closeAfterReplies();
    });
    commands.put("reset", ConnectionCommands::reset);
    commands.put("select", ConnectionCommands::select);
    commands.put("auth", (request, ticket) -> ticket.answer(Hello.NO_PASSWORD));
    for (String accepted : List.of("readonly", "readwrite", "asking")) {
      commands.put(accepted, (request, ticket) -> ticket.answer(Reply.OK));
    }
  }

  private static void reset(Request request, Ticket ticket) {
    ticket.connection().name("");
    ticket.connection().protocol(2);
    ticket.answer(new Reply.Simple("RESET"));
  }

  private static void select(Request request, Ticket ticket) {
    String index = request.get(1).asUtf8();
    if (index.equals("0")) {
      ticket.answer(Reply.OK);
    } else if (index.matches("-?[0-9]{1,18}")) {
      ticket.answer(Reply.error("ERR SELECT is not allowed in cluster mode"));
    } else {
      ticket.answer(Reply.error("ERR invalid DB index"));
    }
  }
}
