package dss.sim;

import dss.core.binary.BinaryWriter;
import dss.core.replication.PeerMessage;
import dss.peer.PeerCodec;
import dss.peer.PeerStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One direction of a connection. Messages go through it as bytes of the real codec, in order; short urgent ones may
 * overtake. What cannot pass waits in it. When it breaks, it does so at some byte of what is on the way.
 */
final class Pipe {
  /** More never is on the way: who waits for answers sends no more. */
  private static final int MESSAGES_AT_MOST = 10_000;
  private static final int MESSAGE_BYTES = 1 << 24;
  private static final byte OVERWRITTEN = (byte) 0xa5;

  private final Cluster cluster;
  final SimServer from;
  final SimServer to;
  private final SimProcess receiver;
  /** Sent and not arrived. */
  private final ArrayDeque<byte[]> underWay = new ArrayDeque<>();
  /** Arrived where nothing passes at present. */
  private final ArrayDeque<byte[]> stuck = new ArrayDeque<>();
  private long lastArrival;
  private boolean broken;
  /** The receiver has seen its end: what is left of it counts no more. */
  private boolean ended;

  Pipe(Cluster cluster, SimServer from, SimServer to) {
    this.cluster = cluster;
    this.from = from;
    this.to = to;
    this.receiver = to.process();
  }

  /** The first that comes out of it. */
  void begin(Runnable connected) {
    lastArrival = cluster.scheduler.now() + cluster.delay() + cluster.network.extra(from.index, to.index);
    receiver.post(lastArrival - cluster.scheduler.now(), this, () -> {
      if (!broken) {
        connected.run();
      }
    });
  }

  void send(long version, PeerMessage message) {
    var out = new BinaryWriter();
    PeerCodec.write(out, version, message);
    byte[] bytes = out.toArray();
    boolean overtakes = cluster.scheduler.chance(0.2) && PeerCodec.isUrgent(message);
    long soonest = cluster.scheduler.now() + cluster.delay() + cluster.network.extra(from.index, to.index);
    long at = overtakes ? soonest : Math.max(soonest, lastArrival + 1);
    if (at < lastArrival) {
      cluster.effects.count(Effect.OVERTAKING);
    }
    lastArrival = Math.max(at, lastArrival);
    underWay.addLast(bytes);
    cluster.trace.sent(bytes);
    if (underWay.size() + stuck.size() > MESSAGES_AT_MOST) {
      cluster.violation("more than " + MESSAGES_AT_MOST + " messages are on the way from server "
          + from.index + " to " + to.index);
    }
    cluster.scheduler.at(at, () -> arrived(bytes));
  }

  private void arrived(byte[] bytes) {
    if (broken) {
      return;
    }
    underWay.remove(bytes);
    if (!stuck.isEmpty() || cluster.network.isBlocked(from.index, to.index)) {
      stuck.addLast(bytes);
    } else {
      receive(bytes);
    }
  }

  /** What waited passes, unless something else is in the way. */
  void release() {
    if (!broken && !cluster.network.isBlocked(from.index, to.index)) {
      stuck.forEach(this::receive);
      stuck.clear();
    }
  }

  private void receive(byte[] bytes) {
    int number = from.number();
    byte[] array = cluster.scheduler.chance(0.005) ? inPieces(bytes) : bytes.clone();
    receiver.post(0, this, () -> {
      if (!ended) {
        cluster.trace.received(from.index, to.index, array, bytes);
        var read = PeerCodec.read(array, 0, array.length);
        to.node().received(number, read.version(), read.message());
        // The array is used again by the next message: who kept a part of it keeps nonsense.
        Arrays.fill(array, OVERWRITTEN);
      }
    });
  }

  /** The same message, as the peer wire brings it in pieces of any length. */
  private byte[] inPieces(byte[] message) {
    byte[] bytes = PeerStream.frames(message, message.length);
    var stream = new PeerStream(MESSAGE_BYTES);
    var whole = new ArrayList<byte[]>();
    for (int at = 0; at < bytes.length;) {
      int to = (int) Math.min(bytes.length, at + cluster.scheduler.between(1, 64));
      whole.addAll(stream.take(bytes, at, to));
      at = to;
    }
    stream.close();
    if (whole.size() != 1 || !Arrays.equals(whole.get(0), message)) {
      cluster.violation("a message came out of its frames as another one");
    }
    return whole.get(0);
  }

  /** Ends here; of what is on the way the first bytes are received before the end is seen. */
  void breakOff() {
    if (broken) {
      return;
    }
    broken = true;
    var waiting = new ArrayList<>(stuck);
    waiting.addAll(underWay);
    if (!waiting.isEmpty() && receiver.alive() && cluster.scheduler.chance(0.5)) {
      wholeIn(waiting).forEach(this::receive);
    }
    stuck.clear();
    underWay.clear();
  }

  private List<byte[]> wholeIn(List<byte[]> messages) {
    var out = new ByteArrayOutputStream();
    for (byte[] message : messages) {
      out.writeBytes(PeerStream.frames(message, message.length));
    }
    var stream = new PeerStream(MESSAGE_BYTES);
    int cut = (int) cluster.scheduler.between(0, out.size());
    List<byte[]> whole = stream.take(out.toByteArray(), 0, cut);
    stream.close();
    if (cut > whole.stream().mapToInt(message -> PeerStream.frames(message, message.length).length).sum()) {
      cluster.effects.count(Effect.CUT_FRAME);
    }
    for (int i = 0; i < whole.size(); i++) {
      if (!Arrays.equals(whole.get(i), messages.get(i))) {
        cluster.violation("a broken connection brought another message than was sent");
      }
    }
    return whole;
  }

  /** The receiver knows that the connection is gone. */
  void endSeen() {
    ended = true;
  }
}
