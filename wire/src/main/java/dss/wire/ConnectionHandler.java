package dss.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Events of a channel, passed on to its connection. */
final class ConnectionHandler extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionHandler.class);

  private final RespServer server;
  private final RespConnection connection;

  ConnectionHandler(RespServer server, RespConnection connection) {
    this.server = server;
    this.connection = connection;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    connection.input().received((ByteBuf) message);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (context.channel().isWritable()) {
      connection.markDirty();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      connection.inputEnded();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    server.remove(connection);
    connection.onClosed();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException) {
      LOG.debug("connection {} of {} failed: {}", connection.id(), connection.remoteAddress(),
          cause.toString());
    } else {
      LOG.error("connection {} of {} is closed after a bug", connection.id(), connection.remoteAddress(),
          cause);
    }
    context.close();
  }
}
