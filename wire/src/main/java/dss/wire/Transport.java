package dss.wire;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Event loops and the kind of sockets that fits them: epoll where there is one, NIO elsewhere. Safe for any thread.
 */
public final class Transport implements AutoCloseable {
  private static final long CLOSE_SECONDS = 10;
  private static final int ACCEPTS_AT_ONCE = 64;

  private final MultiThreadIoEventLoopGroup group;
  private final List<EventLoop> loops;
  private final boolean epoll;

  private Transport(MultiThreadIoEventLoopGroup group, boolean epoll) {
    this.group = group;
    this.epoll = epoll;
    var list = new ArrayList<EventLoop>();
    for (EventExecutor executor : group) {
      list.add((EventLoop) executor);
    }
    this.loops = List.copyOf(list);
  }

  /**
   * Makes event loops, each a daemon thread of its own that starts with its first task.
   *
   * @param threadName the threads are named after it, with a number
   * @param loops at least 1
   */
  public static Transport create(String threadName, int loops) {
    return create(threadName, loops, Epoll.isAvailable());
  }

  static Transport create(String threadName, int loops, boolean epoll) {
    if (loops < 1) {
      throw new IllegalArgumentException("at least one event loop, not " + loops);
    }
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    return new Transport(
        new MultiThreadIoEventLoopGroup(loops, new DefaultThreadFactory(threadName, true), io), epoll);
  }

  public boolean isEpoll() {
    return epoll;
  }

  /** All loops, always in the same order. */
  public List<EventLoop> loops() {
    return loops;
  }

  /** One loop after the other, in turn. */
  public EventLoop next() {
    return group.next();
  }

  /** A bootstrap for a listener whose connections live on the same loop; its handlers are still to be set. */
  public ServerBootstrap server(EventLoop loop) {
    Class<? extends ServerChannel> type = epoll
        ? EpollServerSocketChannel.class
        : NioServerSocketChannel.class;
    return new ServerBootstrap().group(loop, loop).channel(type)
        .option(ChannelOption.RECVBUF_ALLOCATOR, acceptsAtOnce());
  }

  /**
   * A burst of new connections is one turn, whose writes share an fsync. As it is given, Netty 4.2.18's epoll accepts one
   * in each: it takes the new socket's number for a count of bytes, and "fewer than asked for" for the end of them.
   */
  private static ServerChannelRecvByteBufAllocator acceptsAtOnce() {
    var allocator = new ServerChannelRecvByteBufAllocator();
    allocator.maxMessagesPerRead(ACCEPTS_AT_ONCE);
    allocator.respectMaybeMoreData(false);
    return allocator;
  }

  /** A bootstrap for connections to elsewhere; its handler is still to be set. */
  public Bootstrap client(EventLoop loop) {
    Class<? extends Channel> type = epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    return new Bootstrap().group(loop).channel(type);
  }

  /** Closes all channels and stops the loops; waits for that up to 10 s, unless called on a loop. */
  @Override
  public void close() {
    var stopped = group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
    if (loops.stream().noneMatch(EventLoop::inEventLoop)) {
      stopped.awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
  }
}
