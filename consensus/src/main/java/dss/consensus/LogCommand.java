package dss.consensus;

import dss.core.binary.BinaryReader;
import dss.core.binary.BinaryReader.MalformedException;
import dss.core.binary.BinaryWriter;
import dss.core.cluster.Changes.Outcome;
import dss.core.cluster.ClusterState;
import dss.core.cluster.CommandCodec;
import dss.core.cluster.StateCodec;
import dss.core.cluster.StateCommand;

/** What stands in the replicated log, and what comes of it. */
sealed interface LogCommand {
  /** The first command of a cluster; where there is a state already it changes nothing. */
  record Create(ClusterState state) implements LogCommand {}

  record Change(StateCommand command) implements LogCommand {}

  /** This peer leads in this term and has applied all before: a barrier, and the fence of what it does. */
  record Leading(String peer, long term) implements LogCommand {}

  int CREATE = 1;
  int CHANGE = 2;
  int LEADING = 3;

  static byte[] encode(LogCommand command) {
    var out = new BinaryWriter();
    switch (command) {
      case Create c -> StateCodec.write(out.u8(CREATE), c.state());
      case Change c -> CommandCodec.write(out.u8(CHANGE), c.command());
      case Leading c -> out.u8(LEADING).text(c.peer()).varint(c.term());
    }
    return out.toArray();
  }

  static LogCommand decode(byte[] bytes) {
    var in = new BinaryReader(bytes);
    int type = in.u8();
    return switch (type) {
      case CREATE -> new Create(StateCodec.read(in));
      case CHANGE -> new Change(CommandCodec.read(in));
      case LEADING -> new Leading(in.text(), in.varint());
      default -> throw new MalformedException("a log command of type " + type);
    };
  }

  static byte[] encode(Outcome outcome) {
    var out = new BinaryWriter();
    switch (outcome) {
      case Outcome.Done d -> out.u8(0);
      case Outcome.Registered r -> out.u8(1).varint(r.number());
      case Outcome.Refused r -> out.u8(2).varint(r.knownBoot());
    }
    return out.toArray();
  }

  static Outcome decodeOutcome(byte[] bytes) {
    var in = new BinaryReader(bytes);
    int type = in.u8();
    return switch (type) {
      case 0 -> new Outcome.Done();
      case 1 -> new Outcome.Registered(in.integer());
      case 2 -> new Outcome.Refused(in.varint());
      default -> throw new MalformedException("an outcome of type " + type);
    };
  }
}
