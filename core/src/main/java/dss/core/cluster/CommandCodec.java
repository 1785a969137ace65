package dss.core.cluster;

import dss.core.binary.BinaryReader;
import dss.core.binary.BinaryReader.MalformedException;
import dss.core.binary.BinaryWriter;
import dss.core.cluster.StateCommand.InSyncChange;
import dss.core.cluster.StateCommand.PrimaryChange;
import dss.core.cluster.StateCommand.WantChange;
import java.util.List;

/** Commands on the cluster state as bytes: in the ECS's replicated log and on the way to it. */
public final class CommandCodec {
  private static final int REGISTER = 1;
  private static final int SET_MEMBER = 2;
  private static final int FORGET = 3;
  private static final int SET_STOPPING = 4;
  private static final int SET_SETTINGS = 5;
  private static final int MOVE_ECS = 6;
  private static final int FOUND = 7;
  private static final int SET_IN_SYNC = 8;
  private static final int HANDOVER = 9;
  private static final int PROMOTE = 10;
  private static final int WANT = 11;
  private static final int ABANDON = 12;
  private static final int PAUSE = 13;

  private CommandCodec() {}

  public static byte[] encode(StateCommand command) {
    var out = new BinaryWriter();
    write(out, command);
    return out.toArray();
  }

  public static StateCommand decode(byte[] bytes) {
    return read(new BinaryReader(bytes));
  }

  public static void write(BinaryWriter out, StateCommand command) {
    switch (command) {
      case StateCommand.Register c -> register(out.u8(REGISTER), c);
      case StateCommand.SetMember c -> out.u8(SET_MEMBER).varint(c.server()).bool(c.member());
      case StateCommand.Forget c -> out.u8(FORGET).varint(c.server());
      case StateCommand.SetStopping c ->
        out.u8(SET_STOPPING).varint(c.server()).varint(c.boot()).bool(c.stopping());
      case StateCommand.SetSettings c -> StateCodec.settings(out.u8(SET_SETTINGS), c.settings());
      case StateCommand.MoveEcs c -> out.u8(MOVE_ECS).list(c.ecs(), StateCodec::address);
      case StateCommand.Found c -> out.u8(FOUND).varint(c.server()).ints(c.shards());
      case StateCommand.SetInSync c ->
        out.u8(SET_IN_SYNC).varint(c.server()).varint(c.boot()).list(c.changes(), CommandCodec::inSync);
      case StateCommand.Handover c ->
        out.u8(HANDOVER).varint(c.server()).varint(c.boot()).list(c.changes(), CommandCodec::primary);
      case StateCommand.Promote c -> out.u8(PROMOTE).list(c.changes(), CommandCodec::primary);
      case StateCommand.Want c -> out.u8(WANT).list(c.changes(), CommandCodec::want);
      case StateCommand.Pause c -> out.u8(PAUSE).bool(c.paused());
      case StateCommand.Abandon c -> out.u8(ABANDON).list(c.changes(), CommandCodec::primary);
    }
  }

  public static StateCommand read(BinaryReader in) {
    int type = in.u8();
    return StateCodec.checked(() -> switch (type) {
      case REGISTER -> register(in);
      case SET_MEMBER -> new StateCommand.SetMember(in.integer(), in.bool());
      case FORGET -> new StateCommand.Forget(in.integer());
      case SET_STOPPING -> new StateCommand.SetStopping(in.integer(), in.varint(), in.bool());
      case SET_SETTINGS -> new StateCommand.SetSettings(StateCodec.settings(in));
      case MOVE_ECS -> new StateCommand.MoveEcs(in.list(StateCodec::address));
      case FOUND -> new StateCommand.Found(in.integer(), in.ints());
      case SET_IN_SYNC ->
        new StateCommand.SetInSync(in.integer(), in.varint(), in.list(CommandCodec::inSync));
      case HANDOVER -> new StateCommand.Handover(in.integer(), in.varint(), in.list(CommandCodec::primary));
      case PROMOTE -> new StateCommand.Promote(in.list(CommandCodec::primary));
      case WANT -> new StateCommand.Want(in.list(CommandCodec::want));
      case PAUSE -> new StateCommand.Pause(in.bool());
      case ABANDON -> new StateCommand.Abandon(in.list(CommandCodec::primary));
      default -> throw new MalformedException("a command of type " + type);
    });
  }

  private static void register(BinaryWriter out, StateCommand.Register c) {
    out.text(c.id()).fixed64(c.diskId()).varint(c.boot()).fixed64(c.nonce())
        .list(c.unconfirmed(), BinaryWriter::fixed64);
    StateCodec.address(out, c.resp());
    StateCodec.address(out, c.peer());
    out.text(c.zone());
  }

  private static StateCommand register(BinaryReader in) {
    String id = in.text();
    long diskId = in.fixed64();
    long boot = in.varint();
    long nonce = in.fixed64();
    List<Long> unconfirmed = in.list(BinaryReader::fixed64);
    return new StateCommand.Register(id, diskId, boot, nonce, unconfirmed, StateCodec.address(in),
        StateCodec.address(in), in.text());
  }

  private static void inSync(BinaryWriter out, InSyncChange c) {
    out.varint(c.shard()).varint(c.epoch()).ints(c.set()).list(c.boots(), BinaryWriter::varint);
  }

  private static InSyncChange inSync(BinaryReader in) {
    return new InSyncChange(in.integer(), in.varint(), in.ints(), in.list(BinaryReader::varint));
  }

  private static void primary(BinaryWriter out, PrimaryChange c) {
    out.varint(c.shard()).varint(c.epoch()).varint(c.to());
  }

  private static PrimaryChange primary(BinaryReader in) {
    return new PrimaryChange(in.integer(), in.varint(), in.integer());
  }

  private static void want(BinaryWriter out, WantChange c) {
    out.varint(c.shard()).varint(c.epoch()).ints(c.wanted());
  }

  private static WantChange want(BinaryReader in) {
    return new WantChange(in.integer(), in.varint(), in.ints());
  }
}
