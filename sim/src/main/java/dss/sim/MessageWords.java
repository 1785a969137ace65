package dss.sim;

import dss.core.replication.PeerMessage;
import dss.core.replication.PeerMessage.Append;
import dss.peer.PeerCodec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Messages between servers as a person reads them: what is in them of one shard. Sees them in the order of their coming. */
final class MessageWords {
  private static final long LONG_WAY_MICROS = 5_000;

  private record Numbered(int from, int to, long n) {}

  private final int shard;
  /** Frames that had something of the shard in them. */
  private final Set<Numbered> frames = new HashSet<>();
  private final Map<Numbered, Long> beacons = new HashMap<>();

  /** @param shard {@link Trace#NONE}: all of them */
  MessageWords(int shard) {
    this.shard = shard;
  }

  /** The line of a message, with its rank; null: it says nothing of the shard. */
  @Nullable
  TraceLine line(TraceLine of, Trace.Received received) {
    var read = PeerCodec.read(received.bytes(), 0, received.bytes().length);
    String words = words(received, read.message());
    if (words.isEmpty()) {
      return null;
    }
    long way = of.micros() - received.sent();
    String sent = received.sent() < 0 || way < LONG_WAY_MICROS
        ? ""
        : " (" + way / 1000 + " ms on its way)";
    TraceLine.Rank rank = switch (read.message()) {
      case PeerMessage.BeaconReply reply -> TraceLine.Rank.PULSE;
      case PeerMessage.StateTransfer transfer -> TraceLine.Rank.PULSE;
      case PeerMessage.StateRequest request -> TraceLine.Rank.PULSE;
      default -> TraceLine.Rank.COPY;
    };
    return new TraceLine(of.micros(), rank, shard, of.what(), of.server(),
        "s" + received.from() + ": " + words + sent);
  }

  private boolean isOurs(int of) {
    return shard == Trace.NONE || shard == of;
  }

  private String words(Trace.Received received, PeerMessage message) {
    return switch (message) {
      case PeerMessage.StateRequest m -> "which state is newer than v" + m.known() + "?";
      case PeerMessage.StateTransfer m -> "the cluster state is v" + m.state().version();
      case PeerMessage.Beacon m -> {
        beacons.put(new Numbered(received.to(), received.from(), m.n()), received.sent());
        yield "";
      }
      case PeerMessage.BeaconReply m -> {
        Long sent = beacons.get(new Numbered(received.from(), received.to(), m.n()));
        yield "a lease, counted from beacon " + m.n()
            + (sent == null || sent < 0 ? "" : " which was sent at " + sent / 1000 + " ms");
      }
      case PeerMessage.Serving m -> m.shards().stream().filter(s -> isOurs(s.shard()))
          .map(s -> "I serve shard " + s.shard() + " in epoch " + s.epoch())
          .collect(Collectors.joining(", "));
      case PeerMessage.AppendFrame m -> frame(received, m);
      case PeerMessage.FrameDone m -> frames.contains(new Numbered(received.to(), received.from(), m.n()))
          ? "frame " + m.n() + " is on my disk"
              + (m.except().isEmpty() ? "" : " but for appends " + m.except())
          : "";
      case PeerMessage.Mismatch m -> isOurs(m.shard()) ? m.toString() : "";
      case PeerMessage.Stale m -> isOurs(m.shard()) ? m.toString() : "";
      case PeerMessage.Busy m -> "busy";
      case PeerMessage.CopyChunk m -> isOurs(m.shard())
          ? (m.data() == null
              ? "the copy of shard " + m.shard() + " ends at " + m.endEpoch() + "/" + m.endSeq()
              : "a piece of a copy of shard " + m.shard())
          : "";
      case PeerMessage.CopyAck m -> isOurs(m.shard()) ? "piece " + m.number() + " of the copy is in" : "";
    };
  }

  private String frame(Trace.Received received, PeerMessage.AppendFrame frame) {
    List<Append> ours = frame.appends().stream().filter(append -> isOurs(append.shard())).toList();
    if (ours.isEmpty()) {
      return "";
    }
    frames.add(new Numbered(received.from(), received.to(), frame.n()));
    return "frame " + frame.n() + ": "
        + ours.stream().map(MessageWords::append).collect(Collectors.joining(", "));
  }

  private static String append(Append a) {
    String what = a.entries().isEmpty()
        ? "nothing"
        : a.entries().size() == 1
            ? "entry " + a.match()
            : "entries " + (a.prevSeq() + 1) + " to " + a.match();
    return "append of shard " + a.shard() + " epoch " + a.epoch() + ": " + what + " behind " + a.prevEpoch()
        + "/"
        + a.prevSeq() + ", committed is " + a.committed();
  }
}
