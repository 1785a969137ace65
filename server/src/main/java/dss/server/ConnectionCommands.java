package dss.server;

import dss.core.cluster.DssVersion;
import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.Request;
import dss.wire.RespConnection;
import dss.wire.Ticket;
import java.util.List;
import java.util.Map;

/** Commands about the connection they come on. */
final class ConnectionCommands {
  private static final Reply NO_PASSWORD = Reply
      .error("ERR AUTH <password> called without any password configured "
          + "for the default user. Are you sure your configuration is correct?");

  private ConnectionCommands() {}

  static void addTo(Map<String, PlainCommand> commands) {
    commands.put("ping", (request, ticket) -> ticket.answer(
        request.size() > 1 ? Reply.bulk(request.get(1)) : Reply.PONG));
    commands.put("echo", (request, ticket) -> ticket.answer(Reply.bulk(request.get(1))));
    commands.put("hello", ConnectionCommands::hello);
    commands.put("quit", (request, ticket) -> {
      ticket.answer(Reply.OK);
      ticket.connection().closeAfterReplies();
    });
    commands.put("reset", ConnectionCommands::reset);
    commands.put("select", ConnectionCommands::select);
    commands.put("auth", (request, ticket) -> ticket.answer(NO_PASSWORD));
    for (String accepted : List.of("readonly", "readwrite", "asking")) {
      commands.put(accepted, (request, ticket) -> ticket.answer(Reply.OK));
    }
  }

  private static void hello(Request request, Ticket ticket) {
    RespConnection connection = ticket.connection();
    int protocol = connection.protocol();
    int at = 1;
    if (request.size() > 1) {
      String wanted = request.get(1).asUtf8();
      if (!wanted.matches("[0-9]{1,9}")) {
        ticket.answer(Reply.error("ERR Protocol version is not an integer or out of range"));
        return;
      }
      if (!wanted.equals("2") && !wanted.equals("3")) {
        ticket.answer(Reply.error("NOPROTO unsupported protocol version"));
        return;
      }
      protocol = Integer.parseInt(wanted);
      at = 2;
    }
    String name = null;
    while (at < request.size()) {
      if (request.get(at).equalsIgnoreCase("AUTH") && at + 2 < request.size()) {
        ticket.answer(NO_PASSWORD);
        return;
      } else if (request.get(at).equalsIgnoreCase("SETNAME") && at + 1 < request.size()) {
        name = request.get(at + 1).asUtf8();
        at += 2;
      } else {
        ticket.answer(Reply.error("ERR Syntax error in HELLO option '" + request.get(at) + "'"));
        return;
      }
    }
    if (name != null && !isName(request.get(request.size() - 1))) {
      ticket.answer(ClientCommands.BAD_NAME);
      return;
    }
    if (name != null) {
      connection.name(name);
    }
    connection.protocol(protocol);
    ticket.answer(helloReply(connection, protocol));
  }

  private static Reply helloReply(RespConnection connection, int protocol) {
    return new Reply.Map(List.of(Reply.bulk("server"), Reply.bulk("redis"), Reply.bulk("version"),
        Reply.bulk(DssVersion.REDIS), Reply.bulk("dss_version"), Reply.bulk(DssVersion.TEXT),
        Reply.bulk("proto"),
        Reply.integer(protocol), Reply.bulk("id"), Reply.integer(connection.id()), Reply.bulk("mode"),
        Reply.bulk("cluster"), Reply.bulk("role"), Reply.bulk("master"), Reply.bulk("modules"),
        Reply.EMPTY_ARRAY));
  }

  /** No spaces, line ends or other bytes outside printable ASCII. */
  static boolean isName(Bytes name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.at(i) < '!' || name.at(i) > '~') {
        return false;
      }
    }
    return true;
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
