package dss.server;

import dss.core.command.Checked;
import dss.core.command.Command;
import dss.core.command.CommandCheck;
import dss.protocol.Reply;
import dss.protocol.Request;
import dss.wire.RequestHandler;
import dss.wire.RespConnection;
import dss.wire.Ticket;
import java.util.Map;

/** Requests of clients: keyed ones go to the node, the others to whoever does them. Loop only. */
final class ClientHandler implements RequestHandler {
  private final CommandCheck check;
  private final ServerNode node;
  private final Map<String, PlainCommand> plain;

  /** @param plain by name, subcommands as in "client|setname" */
  ClientHandler(CommandCheck check, ServerNode node, Map<String, PlainCommand> plain) {
    this.check = check;
    this.node = node;
    this.plain = Map.copyOf(plain);
  }

  @Override
  public void opened(RespConnection connection) {}

  @Override
  public void request(RespConnection connection, Request request, Ticket ticket) {
    switch (check.check(request)) {
      case Command command -> {
        connection.lastCommand(command.spec().name());
        node.submit(new ClientCall(command, ticket));
      }
      case Checked.Plain p -> {
        connection.lastCommand(p.spec().name());
        PlainCommand command = plain.get(p.spec().name());
        if (command == null) {
          ticket.answer(Reply.error("ERR '" + p.spec().name() + "' is not available here"));
        } else {
          command.run(p.request(), ticket);
        }
      }
      case Checked.Refused refused -> ticket.answer(refused.reply());
    }
  }

  @Override
  public void closed(RespConnection connection) {}
}
