package dss.server;

import io.netty.channel.EventLoop;

/**
 * One turn of the loop: all sockets that were ready are read, then {@code end} runs once, so that what they brought
 * shares frames and an fsync. Loop only.
 */
final class Turn {
  private final EventLoop loop;
  private final Runnable end;
  private boolean ends;

  Turn(EventLoop loop, Runnable end) {
    this.loop = loop;
    this.end = end;
  }

  /** Something has happened: the turn is to be ended. */
  void happened() {
    if (!ends) {
      ends = true;
      loop.execute(() -> {
        ends = false;
        end.run();
      });
    }
  }
}
