package dss.core.command;

import dss.core.storage.Value;
import dss.protocol.Bytes;

/** What a command is judged on: keys as they are at its moment, those past their time absent. */
public interface View {
  /** The header of a key, or {@link Value#ABSENT}; never {@link Value#COLD}. */
  Value header(Bytes key);
}
