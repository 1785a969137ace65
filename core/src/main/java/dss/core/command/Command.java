package dss.core.command;

import dss.core.entry.RequestId;
import dss.protocol.Bytes;
import dss.protocol.Request;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A keyed command, checked against the table: its arity is right and all its keys lie in one slot.
 *
 * @param spec its row of the command table
 * @param request its words
 * @param slot the slot of its keys
 * @param keys its keys, in order
 * @param id which request of which client this is, where the client said so (DSS.ONCE)
 */
public record Command(CommandSpec spec, Request request, int slot, List<Bytes> keys, @Nullable RequestId id)
    implements
      Checked {
  public boolean isWrite() {
    return spec.isWrite();
  }
}
