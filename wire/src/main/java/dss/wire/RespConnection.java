package dss.wire;

import dss.protocol.OutBuffer;
import dss.protocol.Reply;
import dss.protocol.Request;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import java.net.SocketAddress;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's connection to a {@link RespServer}. Everything here is used on the server's loop only.
 *
 * <p>States: open -> draining (no more requests are read; {@link #closeAfterReplies}, the client's end of input, a
 * protocol error) -> output ended (all replies sent, waiting for the client to close) -> closed. Any state may become
 * closed at once.
 */
public final class RespConnection {
  private static final Logger LOG = LoggerFactory.getLogger(RespConnection.class);
  /** How long a client may take to close after our last byte; closing first could destroy that byte on its way. */
  private static final long LINGER_MS = 1_000;
  /** How long the last replies may take to be sent. */
  private static final long LAST_REPLIES_MS = 60_000;

  private final long id;
  private final Channel channel;
  private final RequestHandler handler;
  private final WireSettings settings;
  private final Flusher flusher;
  private final Input input;
  private final Output output;
  private final ReplyOrder order = new ReplyOrder();
  private final long openedAtMs;

  private String name = "";
  private String libraryName = "";
  private String libraryVersion = "";
  private String lastCommand = "";
  private int protocol = 2;
  private long lastActiveAtMs;
  private long commands;
  private @Nullable Object attachment;

  private boolean dirty;
  private boolean draining;
  private boolean outputEnded;
  private boolean inputEnded;
  private boolean closed;
  /** The task that closes it when its end takes too long. */
  private @Nullable Future<?> closing;

  RespConnection(long id, Channel channel, RespServer server) {
    this.id = id;
    this.channel = channel;
    this.handler = server.handler();
    this.settings = server.settings();
    this.flusher = server.flusher();
    this.input = new Input(this, channel, server.limits(), server.scratch());
    this.output = new Output(channel, flusher, settings);
    this.openedAtMs = System.currentTimeMillis();
    this.lastActiveAtMs = openedAtMs;
  }

  // ---- what is known of it

  /** Counts up from 1 in each server. */
  public long id() {
    return id;
  }

  public EventLoop loop() {
    return channel.eventLoop();
  }

  public SocketAddress remoteAddress() {
    return channel.remoteAddress();
  }

  public SocketAddress localAddress() {
    return channel.localAddress();
  }

  /** CLIENT SETNAME; empty where there is none. */
  public String name() {
    return name;
  }

  public void name(String value) {
    name = value;
  }

  /** CLIENT SETINFO lib-name; empty where there is none. */
  public String libraryName() {
    return libraryName;
  }

  public void libraryName(String value) {
    libraryName = value;
  }

  /** CLIENT SETINFO lib-ver; empty where there is none. */
  public String libraryVersion() {
    return libraryVersion;
  }

  public void libraryVersion(String value) {
    libraryVersion = value;
  }

  /** What the handler last called the connection's command (cmd= of CLIENT LIST). */
  public String lastCommand() {
    return lastCommand;
  }

  public void lastCommand(String value) {
    lastCommand = value;
  }

  /** 2 or 3. */
  public int protocol() {
    return protocol;
  }

  /**
   * Replies are written in this version from the newest request on (HELLO's own reply is in the version it asks for);
   * those to requests before it keep theirs.
   *
   * @param version 2 or 3
   */
  public void protocol(int version) {
    if (version != 2 && version != 3) {
      throw new IllegalArgumentException("RESP " + version);
    }
    protocol = version;
    Ticket newest = order.newest();
    if (newest != null) {
      newest.protocol = version;
    }
  }

  /** Milliseconds since 1970. */
  public long openedAtMs() {
    return openedAtMs;
  }

  /** When bytes last came, milliseconds since 1970. */
  public long lastActiveAtMs() {
    return lastActiveAtMs;
  }

  /** Requests so far. */
  public long commands() {
    return commands;
  }

  public long bytesIn() {
    return input.bytesReceived();
  }

  public long bytesOut() {
    return output.bytesSent();
  }

  /** Bytes received that are no complete request, or wait because too much is under way. */
  public long inputBytes() {
    return input.heldBytes();
  }

  /** Bytes of replies that are not sent yet. */
  public long outputBytes() {
    return output.unsentBytes();
  }

  /** Requests whose replies are not written yet. */
  public int openRequests() {
    return order.openRequests();
  }

  /** Whether reading from it is stopped because too much is under way. */
  public boolean isPaused() {
    return input.isPaused();
  }

  /** A slot for what the handler wants to keep with the connection. */
  public @Nullable Object attachment() {
    return attachment;
  }

  public void attachment(@Nullable Object value) {
    attachment = value;
  }

  public boolean isClosed() {
    return closed;
  }

  // ---- its end

  /** Reads no more requests; closes when those that came are answered and their replies sent. */
  public void closeAfterReplies() {
    if (!draining) {
      draining = true;
      input.discard();
      markDirty();
    }
  }

  /** Closes at once; replies that are not sent are lost. */
  public void close() {
    channel.close();
  }

  /**
   * The client sends no more; what it sent is answered all the same. With Netty 4.2.18's epoll only as far as the
   * socket takes the replies without waiting: its epoll set drops a socket whose input has ended, and a write that
   * would have to wait closes it. NIO has no such bound.
   */
  void inputEnded() {
    inputEnded = true;
    if (outputEnded) {
      close();
    } else {
      input.ended();
    }
  }

  void onClosed() {
    if (!closed) {
      closed = true;
      input.discard();
      output.release();
      if (closing != null) {
        closing.cancel(false);
      }
      handler.closed(this);
    }
  }

  /** Closes it if it has been silent for too long and waits for nothing. */
  void closeIfIdle(long nowMs) {
    long timeoutMs = settings.idleTimeoutSeconds() * 1000L;
    if (timeoutMs > 0 && nowMs - lastActiveAtMs > timeoutMs && order.isEmpty() && output.unsentBytes() == 0) {
      close();
    }
  }

  // ---- requests and replies

  Input input() {
    return input;
  }

  void opened() {
    handler.opened(this);
  }

  void active() {
    lastActiveAtMs = System.currentTimeMillis();
  }

  void request(Request request) {
    commands++;
    var ticket = new Ticket(this, (int) request.byteLength(), protocol);
    order.add(ticket);
    handler.request(this, request, ticket);
  }

  /** Answers what cannot be read as RESP, after all before it, and ends. */
  void protocolError(String text) {
    var ticket = new Ticket(this, 0, protocol);
    order.add(ticket);
    ticket.answer(Reply.error(text));
    closeAfterReplies();
  }

  void answered(Ticket ticket, Reply reply) {
    if (closed) {
      return;
    }
    if (!order.isOldest(ticket)) {
      ticket.reply = reply;
      return;
    }
    try {
      output.write(order, ticket, reply);
    } catch (OutBuffer.Overflow e) {
      LOG.warn("connection {} of {} closed: more than {} bytes of replies are not sent", id, remoteAddress(),
          settings.outputLimitBytes());
      output.release();
      close();
      return;
    }
    markDirty();
  }

  /** Whether so much is under way that nothing more is to be read. */
  boolean isOverBounds() {
    return order.openRequests() >= settings.pipelineRequests()
        || order.openBytes() >= settings.pipelineBytes()
        || output.isOverPause();
  }

  private boolean isUnderHalf() {
    return order.openRequests() <= settings.pipelineRequests() / 2
        && order.openBytes() <= settings.pipelineBytes() / 2 && output.mayResume();
  }

  void markDirty() {
    if (!dirty && !closed) {
      dirty = true;
      flusher.add(this);
    }
  }

  /** At the end of a turn: sends, and goes on reading or ends where it may. */
  void flush() {
    dirty = false;
    if (closed || outputEnded) {
      return;
    }
    if (draining && order.isEmpty()) {
      endOutput();
      return;
    }
    output.flush();
    if (input.isPaused() && isUnderHalf()) {
      try {
        input.resume();
      } catch (RuntimeException e) {
        channel.pipeline().fireExceptionCaught(e);
      }
    }
  }

  private void endOutput() {
    outputEnded = true;
    ChannelFuture last = output.flushLast();
    if (!last.isDone()) {
      closeWithin(LAST_REPLIES_MS);
    }
    last.addListener(sent -> {
      if (!sent.isSuccess() || inputEnded) {
        close();
      } else {
        ((DuplexChannel) channel).shutdownOutput();
        closeWithin(LINGER_MS);
      }
    });
  }

  private void closeWithin(long ms) {
    if (closing != null) {
      closing.cancel(false);
    }
    closing = loop().schedule(this::close, ms, TimeUnit.MILLISECONDS);
  }
}
