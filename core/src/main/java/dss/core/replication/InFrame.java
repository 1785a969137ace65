package dss.core.replication;

import dss.core.replication.PeerMessage.FrameDone;
import java.util.ArrayList;
import java.util.List;

/** An append frame that came in: answered as a whole once each of its appends is durable or out of the question. */
final class InFrame {
  private final Node node;
  private final PeerLink from;
  private final long connection;
  private final long n;
  private int open;
  private final List<Integer> except = new ArrayList<>(0);

  InFrame(Node node, PeerLink from, long n, int appends) {
    this.node = node;
    this.from = from;
    this.connection = from.connection;
    this.n = n;
    this.open = appends;
  }

  long number() {
    return n;
  }

  void done() {
    closeOne();
  }

  /** The append at this place is not (or otherwise) answered. */
  void notDone(int place) {
    except.add(place);
    closeOne();
  }

  private void closeOne() {
    if (--open == 0 && from.connected && from.connection == connection) {
      node.messages().send(from, new FrameDone(n, except));
    }
  }
}
