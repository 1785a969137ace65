package dss.bench;

import io.netty.channel.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A bare TCP connection on an epoll loop: no channel, no pipeline, no buffer of its own, so that next to nothing but
 * the system calls costs CPU time. Loop only.
 */
final class Link implements EpollIoHandle {
  private static final EpollIoOps READ = EpollIoOps.EPOLLIN;
  private static final EpollIoOps READ_AND_WRITE = EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLOUT);

  /** What happens to a link; called on the loop. */
  interface Events {
    void connected();

    /** There are bytes, or the end of them. */
    void readable();

    /** A write that was short can go on. */
    void writable();

    /** It could not be made or registered, and is closed. */
    void failed(IOException why);

    /** One of the methods above threw this: a bug. */
    void broken(RuntimeException bug);
  }

  private final LinuxSocket socket;
  private final Events events;
  private @Nullable IoRegistration registration;
  private boolean connected;
  private boolean closed;

  private Link(LinuxSocket socket, Events events) {
    this.socket = socket;
    this.events = events;
  }

  /** Connects; {@link Events#connected} or {@link Events#failed} tells the outcome, later. */
  static Link open(EventLoop loop, InetSocketAddress address, Events events) throws IOException {
    if (address.isUnresolved()) {
      throw new IOException("no such host: " + address.getHostString());
    }
    LinuxSocket socket = LinuxSocket.newSocketStream();
    var link = new Link(socket, events);
    try {
      socket.setTcpNoDelay(true);
      ((IoEventLoop) loop).register(link).addListener(done -> {
        if (done.cause() == null) {
          link.connect((IoRegistration) done.getNow(), address);
        } else {
          link.fail(new IOException(done.cause().getMessage(), done.cause()));
        }
      });
      return link;
    } catch (IOException | RuntimeException e) {
      link.close();
      throw e;
    }
  }

  private void connect(IoRegistration made, InetSocketAddress address) {
    registration = made;
    if (closed) {
      made.cancel();
      return;
    }
    try {
      if (socket.connect(address)) {
        connectionMade();
      } else {
        made.submit(EpollIoOps.EPOLLOUT);
      }
    } catch (IOException e) {
      fail(e);
    }
  }

  private void connectionMade() {
    connected = true;
    submit(READ);
    events.connected();
  }

  private void fail(IOException why) {
    if (!closed) {
      close();
      events.failed(why);
    }
  }

  private void submit(EpollIoOps ops) {
    IoRegistration now = registration;
    if (now != null && now.isValid()) {
      now.submit(ops);
    }
  }

  @Override
  public FileDescriptor fd() {
    return socket;
  }

  @Override
  public void handle(IoRegistration made, IoEvent event) {
    try {
      if (!closed) {
        handle(((EpollIoEvent) event).ops());
      }
    } catch (RuntimeException e) {
      events.broken(e);
    }
  }

  private void handle(EpollIoOps ops) {
    if (!connected) {
      finishConnect();
      return;
    }
    if (ops.contains(EpollIoOps.EPOLLOUT)) {
      events.writable();
    }
    if (!closed && (ops.value() & ~EpollIoOps.EPOLLOUT.value()) != 0) {
      events.readable();
    }
  }

  private void finishConnect() {
    try {
      if (socket.finishConnect()) {
        connectionMade();
      }
    } catch (IOException e) {
      fail(e);
    }
  }

  /** As many bytes as there are, 0: none now, below 0: the other end has closed. */
  int read(long address, int limit) throws IOException {
    return socket.recvAddress(address, 0, limit);
  }

  /** Writes from {@code from} to {@code to}, as far as it goes; where the rest goes is told by {@link Events#writable}. */
  int write(long address, int from, int to) throws IOException {
    return socket.sendAddress(address, from, to);
  }

  /** Whether {@link Events#writable} is wanted. */
  void wantsToWrite(boolean wanted) {
    submit(wanted ? READ_AND_WRITE : READ);
  }

  /**
   * Closes it so that no port is kept for late packets, as TCP does for a minute: a client that reconnects for each
   * operation has used all ports of its machine up after seconds, and would then measure the search for a free one.
   */
  void reset() {
    try {
      if (!closed) {
        socket.setSoLinger(0);
      }
    } catch (IOException e) {
      // It is closed as usual, then.
    }
    close();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (registration != null) {
      registration.cancel();
    }
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone either way.
    }
  }
}
