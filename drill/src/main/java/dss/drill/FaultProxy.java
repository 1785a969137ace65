package dss.drill;

import dss.core.cluster.Address;
import dss.drill.PortOwners.Connection;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Stands in front of processes' ports and can cut the connections between two of them: what was sent stays on the way,
 * nobody is told, and it goes on when the cut heals, as with a cable that is pulled. One loop; safe for any thread.
 */
final class FaultProxy implements AutoCloseable {
  /** Two processes between which nothing passes, in either direction. */
  record Cut(String one, String other) {
    boolean between(String a, String b) {
      return one.equals(a) && other.equals(b) || one.equals(b) && other.equals(a);
    }
  }

  private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1,
      NioIoHandler.newFactory());
  private final Dialers dialers;
  private final Queue<Unnamed> unnamed = new ConcurrentLinkedQueue<>();
  private final ExecutorService names = Executors
      .newSingleThreadExecutor(Thread.ofPlatform().name("fault-proxy-names").daemon().factory());
  private final List<Channel> listening = new ArrayList<>();
  private final Set<Line> lines = ConcurrentHashMap.newKeySet();
  private volatile Set<Cut> cuts = Set.of();

  private record Unnamed(Channel channel, Connection connection, String to, Address behind) {}

  /** Who has connections. */
  interface Dialers {
    /** The names of the processes that have dialed these; those of others are left out. */
    Map<Connection, String> names(Collection<Connection> connections);
  }

  FaultProxy(Dialers dialers) {
    this.dialers = dialers;
  }

  /** Passes on what comes to {@code at} to a port of this process. */
  void stand(Address at, Address behind, String process) throws IOException {
    var bootstrap = new ServerBootstrap().group(group).channel(NioServerSocketChannel.class)
        .option(ChannelOption.SO_REUSEADDR, true).childOption(ChannelOption.AUTO_READ, false)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel channel) {
            int port = ((InetSocketAddress) channel.remoteAddress()).getPort();
            unnamed.add(new Unnamed(channel, new Connection(port, at.port()), process, behind));
            names.execute(FaultProxy.this::nameAll);
          }
        });
    try {
      listening.add(bootstrap.bind(at.host(), at.port()).sync().channel());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (Exception e) {
      throw new IOException("cannot listen on " + at + ": " + e.getMessage(), e);
    }
  }

  /** Those that have come since this was done last. Who dials is looked up in large tables: not on the loop. */
  private void nameAll() {
    var came = new ArrayList<Unnamed>();
    for (Unnamed next = unnamed.poll(); next != null; next = unnamed.poll()) {
      if (next.channel.isActive()) {
        came.add(next);
      }
    }
    if (came.isEmpty()) {
      return;
    }
    Map<Connection, String> owners = dialers.names(came.stream().map(Unnamed::connection).toList());
    for (Unnamed each : came) {
      String from = owners.getOrDefault(each.connection, "");
      each.channel.eventLoop().execute(() -> new Line(each.channel, from, each.to, each.behind).dial());
    }
  }

  /** From now on these are cut, and no others. */
  void cut(Set<Cut> now) {
    cuts = Set.copyOf(now);
    lines.forEach(Line::cutsChanged);
  }

  /** A connection through here: two channels. */
  private final class Line {
    private final Channel front;
    private final String from;
    private final String to;
    private final Address behind;
    private @Nullable Channel back;

    Line(Channel front, String from, String to, Address behind) {
      this.front = front;
      this.from = from;
      this.to = to;
      this.behind = behind;
    }

    private boolean isCut() {
      return cuts.stream().anyMatch(cut -> cut.between(from, to));
    }

    void dial() {
      lines.add(this);
      front.closeFuture().addListener(closed -> lines.remove(this));
      new Bootstrap().group(front.eventLoop()).channel(NioSocketChannel.class)
          .option(ChannelOption.AUTO_READ, false).option(ChannelOption.TCP_NODELAY, true)
          .handler(new Passing(front)).connect(behind.host(), behind.port())
          .addListener((ChannelFutureListener) done -> {
            if (!done.isSuccess()) {
              front.close();
              return;
            }
            Channel opened = done.channel();
            back = opened;
            front.pipeline().addLast(new Passing(opened));
            cutsChanged();
          });
    }

    void cutsChanged() {
      front.eventLoop().execute(() -> {
        Channel other = back;
        if (other != null) {
          boolean passes = !isCut();
          front.config().setAutoRead(passes);
          other.config().setAutoRead(passes);
        }
      });
    }

    /** What one side sends goes to the other, where a cut does not hold it. */
    private final class Passing extends ChannelInboundHandlerAdapter {
      private final Channel to;

      Passing(Channel to) {
        this.to = to;
      }

      @Override
      public void channelRead(ChannelHandlerContext context, Object message) {
        to.writeAndFlush((ByteBuf) message);
      }

      @Override
      public void channelInactive(ChannelHandlerContext context) {
        if (to.isActive()) {
          to.writeAndFlush(to.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
        }
      }

      @Override
      public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
      }
    }
  }

  @Override
  public void close() {
    names.shutdownNow();
    listening.forEach(Channel::close);
    lines.forEach(line -> line.front.close());
    group.shutdownGracefully(0, 100, java.util.concurrent.TimeUnit.MILLISECONDS);
  }
}
