package dss.server;

import dss.protocol.Request;
import dss.wire.Ticket;

/** A command without keys: answers its ticket once, on the loop, now or later. */
@FunctionalInterface
interface PlainCommand {
  void run(Request request, Ticket ticket);
}
