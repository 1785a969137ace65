package dss.peer;

import dss.core.binary.BinaryReader;
import dss.core.binary.BinaryReader.MalformedException;
import dss.core.binary.BinaryWriter;
import dss.core.cluster.Address;
import dss.core.cluster.ClusterState;
import dss.core.cluster.CommandCodec;
import dss.core.cluster.EventCodec;
import dss.core.cluster.StateCodec;
import dss.core.ecs.HeldCopy;
import dss.core.ecs.ReportCodec;
import java.util.List;

/** Messages of a session as bytes: {@code type | fields}; what follows the known fields is skipped. */
public final class SessionCodec {
  private static final int ASK = 1;
  private static final int HEARTBEAT = 2;
  private static final int JOIN = 3;
  private static final int STATE_WANTED = 4;
  private static final int WHOLE = 5;
  private static final int DELTA = 6;
  private static final int REFUSED = 7;
  private static final int NOT_LEADING = 8;
  private static final int LOCK = 9;
  private static final int REGISTER_AT = 10;
  private static final int LEADS = 11;
  private static final int KNOWN = 12;

  private SessionCodec() {}

  public static BinaryWriter write(SessionMessage message) {
    var out = new BinaryWriter();
    switch (message) {
      case SessionMessage.Ask m -> CommandCodec.write(out.u8(ASK), m.command());
      case SessionMessage.Heartbeat m -> ReportCodec.write(out.u8(HEARTBEAT).varint(m.boot()), m.report());
      case SessionMessage.Join m -> out.u8(JOIN);
      case SessionMessage.StateWanted m -> out.u8(STATE_WANTED);
      case SessionMessage.Whole m -> StateCodec.write(out.u8(WHOLE), m.state());
      case SessionMessage.Delta m -> EventCodec.write(out.u8(DELTA).varint(m.from()), m.events());
      case SessionMessage.Refused m -> out.u8(REFUSED).fixed64(m.nonce()).varint(m.knownBoot());
      case SessionMessage.NotLeading m -> addresses(out.u8(NOT_LEADING), m.others());
      case SessionMessage.Lock m -> out.u8(LOCK).varint(m.ms());
      case SessionMessage.RegisterAt m -> addresses(out.u8(REGISTER_AT), m.ecs());
      case SessionMessage.Leads m -> out.u8(LEADS).varint(m.term());
      case SessionMessage.Known m -> known(out.u8(KNOWN), m);
    }
    return out;
  }

  public static SessionMessage read(byte[] array, int from, int to) {
    var in = new BinaryReader(array, from, to);
    int type = in.u8();
    return switch (type) {
      case ASK -> new SessionMessage.Ask(CommandCodec.read(in));
      case HEARTBEAT -> new SessionMessage.Heartbeat(in.varint(), ReportCodec.read(in));
      case JOIN -> new SessionMessage.Join();
      case STATE_WANTED -> new SessionMessage.StateWanted();
      case WHOLE -> new SessionMessage.Whole(StateCodec.read(in));
      case DELTA -> new SessionMessage.Delta(in.varint(), EventCodec.read(in));
      case REFUSED -> new SessionMessage.Refused(in.fixed64(), in.varint());
      case NOT_LEADING -> new SessionMessage.NotLeading(addresses(in));
      case LOCK -> new SessionMessage.Lock(in.varint());
      case REGISTER_AT -> new SessionMessage.RegisterAt(addresses(in));
      case LEADS -> new SessionMessage.Leads(in.varint());
      case KNOWN -> known(in);
      default -> throw new MalformedException("a session message of type " + type);
    };
  }

  private static void known(BinaryWriter out, SessionMessage.Known message) {
    out.list(message.copies(), (w, c) -> w.varint(c.shard()).varint(c.epoch()).varint(c.seq()));
    ClusterState state = message.state();
    out.bool(message.saved()).u8(state == null ? 0 : 1);
    if (state != null) {
      StateCodec.write(out, state);
    }
  }

  private static SessionMessage known(BinaryReader in) {
    List<HeldCopy> copies = in.list(r -> new HeldCopy(r.integer(), r.varint(), r.varint()));
    boolean saved = in.bool();
    return new SessionMessage.Known(in.u8() == 0 ? null : StateCodec.read(in), saved, copies);
  }

  private static void addresses(BinaryWriter out, List<Address> addresses) {
    out.list(addresses, (w, a) -> w.text(a.host()).varint(a.port()));
  }

  private static List<Address> addresses(BinaryReader in) {
    return in.list(r -> address(r.text(), r.integer()));
  }

  private static Address address(String host, int port) {
    try {
      return new Address(host, port);
    } catch (IllegalArgumentException e) {
      throw new MalformedException(String.valueOf(e.getMessage()));
    }
  }
}
