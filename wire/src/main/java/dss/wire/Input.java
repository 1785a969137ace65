package dss.wire;

import dss.protocol.ProtocolError;
import dss.protocol.RequestParser;
import dss.protocol.RespLimits;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.ArrayDeque;

/**
 * Bytes of one connection on their way to requests. While too much of the connection is under way it is paused: nothing
 * is read, and what was read already is kept. On the loop.
 */
final class Input {
  private final RespConnection connection;
  private final Channel channel;
  private final RequestParser parser;
  /** Shared by all connections of the loop: bytes are in it only while they are parsed. */
  private final byte[] scratch;
  private final ArrayDeque<ByteBuf> kept = new ArrayDeque<>(2);
  private boolean paused;
  private boolean discarding;
  private boolean ended;
  private long bytesReceived;

  Input(RespConnection connection, Channel channel, RespLimits limits, byte[] scratch) {
    this.connection = connection;
    this.channel = channel;
    this.parser = new RequestParser(limits);
    this.scratch = scratch;
  }

  long bytesReceived() {
    return bytesReceived;
  }

  long heldBytes() {
    long held = parser.heldBytes();
    for (ByteBuf buffer : kept) {
      held += buffer.readableBytes();
    }
    return held;
  }

  boolean isPaused() {
    return paused;
  }

  /** Takes over a buffer that was read. */
  void received(ByteBuf buffer) {
    bytesReceived += buffer.readableBytes();
    if (discarding) {
      buffer.release();
      return;
    }
    connection.active();
    kept.add(buffer);
    if (!paused) {
      parseKept();
    }
  }

  /** Goes on after a pause, perhaps only to the next one. */
  void resume() {
    paused = false;
    parseKept();
    if (!paused) {
      readOn(true);
    }
  }

  /** Nothing comes any more: once what came is parsed, the connection ends with its replies. */
  void ended() {
    ended = true;
    if (kept.isEmpty()) {
      connection.closeAfterReplies();
    }
  }

  /** What came and what comes is thrown away, until the connection's end. */
  void discard() {
    discarding = true;
    for (ByteBuf buffer = kept.poll(); buffer != null; buffer = kept.poll()) {
      buffer.release();
    }
    if (paused) {
      paused = false;
      readOn(true);
    }
  }

  /** Once the input has ended the channel must not be asked to read: epoll has forgotten it. */
  private void readOn(boolean on) {
    if (!ended) {
      channel.config().setAutoRead(on);
    }
  }

  private void parseKept() {
    try {
      while (!paused && !kept.isEmpty()) {
        ByteBuf buffer = kept.peek();
        parse(buffer);
        if (discarding) {
          return;
        }
        if (!buffer.isReadable()) {
          kept.remove().release();
        }
      }
      if (ended && kept.isEmpty()) {
        connection.closeAfterReplies();
      }
    } catch (ProtocolError e) {
      connection.protocolError(e.text());
    }
  }

  private void parse(ByteBuf buffer) throws ProtocolError {
    while (!paused && !discarding && buffer.isReadable()) {
      int count = Math.min(buffer.readableBytes(), scratch.length);
      buffer.getBytes(buffer.readerIndex(), scratch, 0, count);
      int taken = parse(count);
      if (!discarding) {
        buffer.skipBytes(taken);
      }
    }
  }

  /** Parses what is in the scratch; returns how much of it was taken. */
  private int parse(int count) throws ProtocolError {
    int at = 0;
    while (at < count && !paused && !discarding) {
      at = parser.feed(scratch, at, count);
      if (parser.ready()) {
        connection.request(parser.take());
        pauseIfNeeded();
      }
    }
    return at;
  }

  private void pauseIfNeeded() {
    if (!discarding && connection.isOverBounds()) {
      paused = true;
      readOn(false);
      connection.markDirty();
    }
  }
}
