package dss.wire;

import dss.protocol.OutBuffer;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;

/**
 * Sends what the connections of one loop have to send, once per turn of the loop: several answers share one send. Owns
 * the output buffers, which a connection has only while it has something in them. On the loop.
 */
final class Flusher implements Runnable {
  private static final int INITIAL_BYTES = 512;
  /** Buffers kept for reuse: as many connections as may well answer in one turn. */
  private static final int SPARE_BUFFERS = 64;

  private final EventLoop loop;
  private final ArrayDeque<OutBuffer> spare = new ArrayDeque<>();
  private ArrayList<RespConnection> dirty = new ArrayList<>();
  private ArrayList<RespConnection> flushing = new ArrayList<>();
  private boolean scheduled;

  Flusher(EventLoop loop) {
    this.loop = loop;
  }

  /** The connection has something to send or to look at: at the end of this turn. */
  void add(RespConnection connection) {
    dirty.add(connection);
    if (!scheduled) {
      scheduled = true;
      loop.execute(this);
    }
  }

  @Override
  public void run() {
    scheduled = false;
    ArrayList<RespConnection> now = dirty;
    dirty = flushing;
    flushing = now;
    for (int i = 0; i < now.size(); i++) {
      now.get(i).flush();
    }
    now.clear();
  }

  OutBuffer borrow() {
    OutBuffer buffer = spare.poll();
    return buffer == null ? new OutBuffer(INITIAL_BYTES) : buffer;
  }

  void giveBack(OutBuffer buffer) {
    buffer.clear();
    if (spare.size() < SPARE_BUFFERS) {
      spare.push(buffer);
    }
  }
}
