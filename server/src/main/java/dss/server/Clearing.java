package dss.server;

import dss.core.command.Command;
import dss.core.replication.Call;
import dss.protocol.Reply;
import dss.wire.Ticket;

/** A FLUSHALL on its way: one command for each shard, one answer; the first error is the answer of all. */
final class Clearing {
  private int open;
  private Reply answer = Reply.OK;
  private final Ticket ticket;

  Clearing(int shards, Ticket ticket) {
    this.open = shards;
    this.ticket = ticket;
  }

  Call call(Command command) {
    return new Call() {
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
        if (reply.isError() && !answer.isError()) {
          answer = reply;
        }
        if (--open == 0) {
          ticket.answer(answer);
        }
      }
    };
  }
}
