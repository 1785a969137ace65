package dss.wire;

import dss.protocol.OutBuffer;
import dss.protocol.Reply;
import dss.protocol.ReplyWriter;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/** The handler of a connection that is one too many: says so and ends; what the client sends is thrown away. */
final class Refusing extends ChannelInboundHandlerAdapter {
  /** How long the client may take to close: closing first could destroy the error on its way. */
  private static final long LINGER_MS = 500;

  private final Reply error;

  Refusing(Reply error) {
    this.error = error;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    var out = new OutBuffer(64);
    ReplyWriter.write(out, error, 2);
    context.writeAndFlush(Unpooled.wrappedBuffer(out.take()))
        .addListener(ChannelFutureListener.CLOSE_ON_FAILURE)
        .addListener(sent -> ((DuplexChannel) context.channel()).shutdownOutput());
    context.executor().schedule(() -> context.close(), LINGER_MS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ReferenceCountUtil.release(message);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      context.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
