package dss.peer;

import dss.core.binary.BinaryReader;
import dss.core.binary.BinaryReader.MalformedException;
import dss.core.binary.BinaryWriter;
import dss.core.cluster.StateCodec;
import dss.core.entry.Entry;
import dss.core.entry.EntryCheck;
import dss.core.replication.PeerMessage;
import dss.core.replication.PeerMessage.Append;
import dss.core.replication.PeerMessage.AppendFrame;
import dss.core.replication.PeerMessage.CopyChunk;
import dss.core.replication.PeerMessage.ShardEpoch;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages between servers as bytes: {@code version | type | fields}; what follows the known fields is skipped.
 * Entries travel as they lie in the log. Source: docs/formats.md, Peer wire.
 */
public final class PeerCodec {
  private static final int STATE_REQUEST = 1;
  private static final int STATE_TRANSFER = 2;
  private static final int BEACON = 3;
  private static final int BEACON_REPLY = 4;
  private static final int SERVING = 5;
  private static final int APPENDS = 6;
  private static final int FRAME_DONE = 7;
  private static final int MISMATCH = 8;
  private static final int STALE = 9;
  private static final int COPY_CHUNK = 10;
  private static final int COPY_ACK = 11;
  private static final int BUSY = 12;

  private PeerCodec() {}

  /** A message and the version of the cluster state that its sender had. */
  public record Versioned(long version, PeerMessage message) {}

  public static void write(BinaryWriter out, long version, PeerMessage message) {
    out.varint(version);
    switch (message) {
      case PeerMessage.StateRequest m -> out.u8(STATE_REQUEST).varint(m.known());
      case PeerMessage.StateTransfer m -> StateCodec.write(out.u8(STATE_TRANSFER), m.state());
      case PeerMessage.Beacon m -> out.u8(BEACON).varint(m.n());
      case PeerMessage.BeaconReply m -> out.u8(BEACON_REPLY).varint(m.n());
      case PeerMessage.Serving m ->
        out.u8(SERVING).list(m.shards(), (w, s) -> w.varint(s.shard()).varint(s.epoch()));
      case AppendFrame m -> out.u8(APPENDS).varint(m.n()).list(m.appends(), PeerCodec::append);
      case PeerMessage.FrameDone m -> out.u8(FRAME_DONE).varint(m.n()).ints(m.except());
      case PeerMessage.Mismatch m -> out.u8(MISMATCH).varint(m.shard()).varint(m.epoch()).varint(m.last())
          .bool(m.needCopy()).fixed64(m.copyId()).varint(m.frame());
      case PeerMessage.Stale m -> out.u8(STALE).varint(m.shard()).varint(m.epoch());
      case PeerMessage.Busy m -> out.u8(BUSY);
      case CopyChunk m -> chunk(out.u8(COPY_CHUNK), m);
      case PeerMessage.CopyAck m ->
        out.u8(COPY_ACK).varint(m.shard()).varint(m.epoch()).fixed64(m.copyId()).varint(m.number());
    }
  }

  /** Whether the message may overtake longer ones: it is short, and nothing rests on its place among them. */
  public static boolean isUrgent(PeerMessage message) {
    return message instanceof PeerMessage.Beacon || message instanceof PeerMessage.BeaconReply
        || message instanceof PeerMessage.StateRequest;
  }

  private static void append(BinaryWriter out, Append a) {
    out.varint(a.shard()).varint(a.epoch()).varint(a.prevEpoch()).varint(a.prevSeq()).varint(a.committed())
        .fixed64(a.copyId()).varint(0).varint(a.entries().size());
    for (Entry entry : a.entries()) {
      out.raw(entry.array(), entry.offset(), entry.length());
    }
  }

  private static void chunk(BinaryWriter out, CopyChunk m) {
    byte[] data = m.data();
    out.varint(m.shard()).varint(m.epoch()).fixed64(m.copyId()).varint(m.number()).bool(data != null);
    if (data != null) {
      out.bytes(data);
    }
    out.varint(m.endEpoch()).varint(m.endSeq()).varint(m.endTime());
  }

  /** Reads a message; its entries are views of {@code array}. Malformed ones are a {@link MalformedException}. */
  public static Versioned read(byte[] array, int from, int to) {
    var in = new BinaryReader(array, from, to);
    long version = in.varint();
    int type = in.u8();
    PeerMessage message = switch (type) {
      case STATE_REQUEST -> new PeerMessage.StateRequest(in.varint());
      case STATE_TRANSFER -> new PeerMessage.StateTransfer(StateCodec.read(in));
      case BEACON -> new PeerMessage.Beacon(in.varint());
      case BEACON_REPLY -> new PeerMessage.BeaconReply(in.varint());
      case SERVING -> new PeerMessage.Serving(in.list(r -> new ShardEpoch(r.integer(), r.varint())));
      case APPENDS -> new AppendFrame(in.varint(), in.list(r -> append(r, array, to)));
      case FRAME_DONE -> new PeerMessage.FrameDone(in.varint(), in.ints());
      case MISMATCH ->
        new PeerMessage.Mismatch(in.integer(), in.varint(), in.varint(), in.bool(), in.fixed64(),
            in.varint());
      case STALE -> new PeerMessage.Stale(in.integer(), in.varint());
      case COPY_CHUNK -> chunk(in);
      case COPY_ACK -> new PeerMessage.CopyAck(in.integer(), in.varint(), in.fixed64(), in.integer());
      case BUSY -> new PeerMessage.Busy();
      default -> throw new MalformedException("a message of type " + type);
    };
    return new Versioned(version, message);
  }

  private static Append append(BinaryReader in, byte[] array, int end) {
    int shard = in.integer();
    long epoch = in.varint();
    long prevEpoch = in.varint();
    long prevSeq = in.varint();
    long committed = in.varint();
    long copyId = in.fixed64();
    in.skip(in.integer());
    int count = in.integer();
    List<Entry> entries = new ArrayList<>(Math.min(count, 1024));
    for (int i = 0; i < count; i++) {
      int at = in.position();
      String fault = EntryCheck.fault(array, at, end);
      if (fault != null) {
        throw new MalformedException(fault);
      }
      Entry entry = Entry.at(array, at);
      if (entry.shard() != shard || entry.seq() != prevSeq + 1 + i) {
        throw new MalformedException(
            "an append of shard " + shard + " behind " + prevSeq + " holds " + entry);
      }
      entries.add(entry);
      in.skip(entry.length());
    }
    return new Append(shard, epoch, prevEpoch, prevSeq, entries, committed, copyId);
  }

  private static CopyChunk chunk(BinaryReader in) {
    int shard = in.integer();
    long epoch = in.varint();
    long copyId = in.fixed64();
    int number = in.integer();
    byte[] data = in.bool() ? in.bytes() : null;
    return new CopyChunk(shard, epoch, copyId, number, data, in.varint(), in.varint(), in.varint());
  }
}
