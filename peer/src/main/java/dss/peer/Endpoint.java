package dss.peer;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/**
 * Where peer connections live: one loop, and the kinds of channel that fit it (epoll or NIO).
 *
 * @param loop everything of this endpoint runs on it, callbacks too
 */
public record Endpoint(EventLoop loop, Class<? extends Channel> dialed,
    Class<? extends ServerChannel> listening) {
  public static Endpoint on(EventLoop loop, boolean epoll) {
    return epoll
        ? new Endpoint(loop, EpollSocketChannel.class, EpollServerSocketChannel.class)
        : new Endpoint(loop, NioSocketChannel.class, NioServerSocketChannel.class);
  }
}
