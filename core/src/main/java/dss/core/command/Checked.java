package dss.core.command;

import dss.protocol.Reply;
import dss.protocol.Request;

/** What a request is, judged against the command table. */
public sealed interface Checked permits Command, Checked.Plain, Checked.Refused {
  /** A command without keys: its row (of the subcommand, where it has such) and its words. */
  record Plain(CommandSpec spec, Request request) implements Checked {}

  /** No command, or one with the wrong words; with the error to answer. */
  record Refused(Reply reply) implements Checked {}
}
