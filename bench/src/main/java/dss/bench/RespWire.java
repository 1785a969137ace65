package dss.bench;

import io.netty.channel.unix.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** RESP2 over a bare {@link Link}: nothing is allocated for what goes well. Loop only. */
final class RespWire implements Wire, Link.Events {
  private final LoadLoop loop;
  private final Wire.Events events;
  private final ByteBuffer out;
  private final long outAddress;
  private final ReplyScanner scanner = new ReplyScanner();
  private @Nullable Link link;
  private String server = "";
  private int outFrom;
  private int outTo;
  private boolean sent;
  /** Whether the last write was short. */
  private boolean awaitsRoom;

  /**
   * A wire that is closed.
   *
   * @param outBytes of all requests that are sent at once
   */
  RespWire(LoadLoop loop, Wire.Events events, int outBytes) {
    this.loop = loop;
    this.events = events;
    this.out = ByteBuffer.allocateDirect(outBytes);
    this.outAddress = Buffer.memoryAddress(out);
  }

  @Override
  public void open(Lane lane) throws IOException {
    server = lane.endpoint().toString();
    awaitsRoom = false;
    scanner.reset();
    link = Link.open(loop.eventLoop(), lane.address(), this);
  }

  @Override
  public void connected() {
    events.connected();
  }

  @Override
  public void add(Kind kind, long key) {
    if (sent) {
      sent = false;
      outFrom = 0;
      outTo = 0;
    }
    outTo = loop.form(kind).write(out, outTo, key);
  }

  @Override
  public void send() {
    sent = true;
    flush();
  }

  private void flush() {
    Link to = link;
    if (to == null) {
      return;
    }
    try {
      outFrom += to.write(outAddress, outFrom, outTo);
      if (awaitsRoom != outFrom < outTo) {
        awaitsRoom = !awaitsRoom;
        to.wantsToWrite(awaitsRoom);
      }
    } catch (IOException e) {
      events.lost(e);
    }
  }

  @Override
  public void writable() {
    if (awaitsRoom) {
      flush();
    }
  }

  @Override
  public void readable() {
    Link from = link;
    try {
      int count = LoadLoop.IN_BYTES;
      while (from != null && link == from && count == LoadLoop.IN_BYTES) {
        count = from.read(loop.inAddress(), LoadLoop.IN_BYTES);
        if (count < 0) {
          throw new IOException(server + " has closed a connection");
        }
        take(count);
      }
    } catch (IOException e) {
      events.lost(e);
    }
  }

  private void take(int count) throws IOException {
    long now = loop.now();
    ByteBuffer in = loop.in();
    int at = 0;
    while (at < count) {
      at = scanner.scan(in, at, count);
      if (!scanner.isComplete()) {
        continue;
      }
      if (scanner.isError()) {
        events.refused(scanner.errorLine(), now);
      } else {
        events.answered(scanner.isAbsent(), now);
      }
    }
    if (count > 0) {
      events.caughtUp(now);
    }
  }

  @Override
  public void failed(IOException why) {
    events.lost(new IOException("nobody answers at " + server + ": " + why.getMessage(), why));
  }

  @Override
  public void broken(RuntimeException bug) {
    events.broken(bug);
  }

  @Override
  public void close() {
    // What was added and not sent is for nobody any more.
    sent = true;
    if (link != null) {
      link.close();
      link = null;
    }
  }

  @Override
  public void reset() {
    if (link != null) {
      link.reset();
    }
    close();
  }
}
