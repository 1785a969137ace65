package dss.core.replication;

import dss.core.command.Command;
import dss.protocol.Reply;

/** One keyed command of one client on its way; answered exactly once, on the loop. */
public interface Call {
  Command command();

  /** Whose order it keeps: commands of one connection to one shard take effect in order. */
  Object connection();

  /** Its connection is closed: nobody waits for an answer. */
  boolean abandoned();

  void answer(Reply reply);
}
