package dss.core.replication;

import dss.core.entry.Entry;
import dss.core.replication.PeerMessage.Append;
import dss.core.replication.PeerMessage.AppendFrame;
import java.util.ArrayList;

/** Questions about messages that are no message's own. */
final class PeerMessages {
  /** What an append costs in a frame beside its entries, bytes. */
  private static final int APPEND_BYTES = 48;

  private PeerMessages() {}

  static int size(Append append) {
    int bytes = APPEND_BYTES;
    for (Entry entry : append.entries()) {
      bytes += entry.length();
    }
    return bytes;
  }

  /** The same message with entries of its own: for one that must be kept longer than the turn it came in. */
  static PeerMessage lasting(PeerMessage message) {
    if (!(message instanceof AppendFrame frame)) {
      return message;
    }
    var appends = new ArrayList<Append>(frame.appends().size());
    for (Append a : frame.appends()) {
      var entries = a.entries().stream().map(Entry::copy).toList();
      appends.add(
          new Append(a.shard(), a.epoch(), a.prevEpoch(), a.prevSeq(), entries, a.committed(), a.copyId()));
    }
    return new AppendFrame(frame.n(), appends);
  }
}
