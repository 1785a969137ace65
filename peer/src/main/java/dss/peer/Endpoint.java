package dss.peer;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;

/**
 * Where peer connections live: one loop, and the kinds of channel that fit it (epoll or NIO).
 *
 * @param loop everything of this endpoint runs on it, callbacks too
 */
public record Endpoint(EventLoop loop, Class<? extends Channel> dialed, Class<? extends ServerChannel> listening) {}
