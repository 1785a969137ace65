package dss.server;

import dss.core.command.Command;
import dss.core.replication.Call;
import dss.protocol.Reply;
import dss.wire.Ticket;

/** A keyed command of a client's connection. */
final class ClientCall implements Call {
  private final Command command;
  private final Ticket ticket;

  ClientCall(Command command, Ticket ticket) {
    this.command = command;
    this.ticket = ticket;
  }

  @Override
  public Command command() {
    return command;
  }

  @Override
  public Object connection() {
    return ticket.connection();
  }

  @Override
  public boolean abandoned() {
    return ticket.abandoned();
  }

  @Override
  public void answer(Reply reply) {
    ticket.answer(reply);
  }
}
