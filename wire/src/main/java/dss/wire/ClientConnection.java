package dss.wire;

import dss.protocol.OutBuffer;
import dss.protocol.ProtocolError;
import dss.protocol.Reply;
import dss.protocol.ReplyParser;
import dss.protocol.Request;
import dss.protocol.RequestWriter;
import dss.protocol.RespLimits;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a RESP server: requests are pipelined, replies complete their futures in the order of requests. Safe
 * for any thread; futures and pushes are completed on the connection's loop, which they must not block.
 */
public final class ClientConnection {
  /** Requests under way above which further ones fail: more than any sensible pipeline, bounded memory. */
  private static final int MAX_OPEN = 1 << 17;
  /** What is written before it is looked whether the socket takes it. */
  private static final int BATCH_BYTES = 256 * 1024;

  private static final class Sending {
    final Request request;
    final CompletableFuture<Reply> reply = new CompletableFuture<>();

    Sending(Request request) {
      this.request = request;
    }
  }

  private final EventLoop loop;
  private final String where;
  private final ReplyParser parser;
  private final ConcurrentLinkedQueue<Sending> submitted = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final AtomicInteger open = new AtomicInteger();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final ArrayDeque<Sending> written = new ArrayDeque<>();
  private final OutBuffer out = new OutBuffer(512);
  private byte[] scratch = new byte[512];
  private @Nullable Channel channel;
  private @Nullable Throwable cause;
  private volatile boolean ended;
  private volatile Consumer<Reply> pushes = push -> {};

  ClientConnection(EventLoop loop, String where, RespLimits limits) {
    this.loop = loop;
    this.where = where;
    this.parser = new ReplyParser(limits);
  }

  void attach(Channel newChannel) {
    channel = newChannel;
    newChannel.pipeline().addLast(new Events());
  }

  /** host:port of the other end, as it was asked for. */
  public String where() {
    return where;
  }

  public boolean isOpen() {
    return !ended;
  }

  /** Requests whose replies have not come. */
  public int openRequests() {
    return open.get();
  }

  /** Completes when the connection is closed, by whichever end. */
  public CompletableFuture<Void> closed() {
    return closed.copy();
  }

  /** Where RESP3 pushes go; they are dropped until this is called. */
  public void onPush(Consumer<Reply> consumer) {
    pushes = consumer;
  }

  /**
   * Sends a request behind those sent before. A future that is cancelled or timed out by its holder leaves the order
   * as it is: the reply is awaited and dropped.
   *
   * @return the reply, error replies included; {@link ConnectionLost} when the connection ends before it came
   */
  public CompletableFuture<Reply> send(Request request) {
    var sending = new Sending(request);
    if (open.incrementAndGet() > MAX_OPEN) {
      open.decrementAndGet();
      sending.reply
          .completeExceptionally(new ConnectionLost(MAX_OPEN + " requests wait for " + where, false, null));
      return sending.reply;
    }
    submitted.add(sending);
    try {
      schedule();
    } catch (RejectedExecutionException e) {
      sending.reply
          .completeExceptionally(new ConnectionLost("the loops of " + where + " are stopped", false, e));
    }
    return sending.reply;
  }

  /** Closes at once; replies that have not come are lost. */
  public void close() {
    if (!loop.isShuttingDown()) {
      loop.execute(() -> end(null));
    }
  }

  private void schedule() {
    if (scheduled.compareAndSet(false, true)) {
      loop.execute(this::writeSubmitted);
    }
  }

  // ---- on the loop

  private void writeSubmitted() {
    scheduled.set(false);
    Channel socket = channel;
    if (ended || socket == null) {
      failAll();
      return;
    }
    while (socket.isWritable() && !submitted.isEmpty()) {
      while (out.length() < BATCH_BYTES) {
        Sending sending = submitted.poll();
        if (sending == null) {
          break;
        }
        RequestWriter.write(out, sending.request);
        written.add(sending);
      }
      ByteBuf bytes = socket.alloc().directBuffer(out.length());
      bytes.writeBytes(out.array(), 0, out.length());
      out.clear();
      socket.writeAndFlush(bytes, socket.voidPromise());
    }
  }

  private void received(ByteBuf buffer) {
    if (scratch.length < buffer.readableBytes()) {
      scratch = new byte[Math.max(buffer.readableBytes(), 2 * scratch.length)];
    }
    int count = buffer.readableBytes();
    buffer.readBytes(scratch, 0, count);
    try {
      int at = 0;
      while (at < count && !ended) {
        at = parser.feed(scratch, at, count);
        if (parser.ready()) {
          complete(parser.isPush(), parser.take());
        }
      }
    } catch (ProtocolError e) {
      end(new IOException(where + " does not speak RESP: " + e.text(), e));
    }
  }

  private void complete(boolean push, Reply reply) {
    if (push) {
      pushes.accept(reply);
      return;
    }
    Sending sending = written.poll();
    if (sending == null) {
      end(new IOException(where + " answered more than it was asked: " + reply));
      return;
    }
    open.decrementAndGet();
    sending.reply.complete(reply);
  }

  private void end(@Nullable Throwable why) {
    if (cause == null) {
      cause = why;
    }
    Channel socket = channel;
    if (socket != null) {
      socket.close();
    }
  }

  private void failAll() {
    for (Sending sending = written.poll(); sending != null; sending = written.poll()) {
      fail(sending, true);
    }
    for (Sending sending = submitted.poll(); sending != null; sending = submitted.poll()) {
      fail(sending, false);
    }
  }

  private void fail(Sending sending, boolean wasWritten) {
    open.decrementAndGet();
    sending.reply.completeExceptionally(new ConnectionLost("the connection to " + where + " ended"
        + (wasWritten ? " before the reply came" : " before the request was sent"), wasWritten, cause));
  }

  private final class Events extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      var buffer = (ByteBuf) message;
      try {
        received(buffer);
      } finally {
        buffer.release();
      }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      if (context.channel().isWritable() && !submitted.isEmpty()) {
        schedule();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      ended = true;
      failAll();
      closed.complete(null);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
      end(failure);
    }
  }
}
