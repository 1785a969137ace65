package dss.ecs;

import dss.core.binary.BinaryReader.MalformedException;
import dss.core.cluster.Address;
import dss.peer.Kind;
import dss.peer.PeerConnection;
import dss.peer.PeerPort;
import dss.peer.SessionCodec;
import dss.peer.SessionMessage;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** Asks a server which cluster state it knows, and which copies it holds. */
final class KnownQuery {
  private KnownQuery() {}

  /** Any thread; completed on the loop. Bounded by the connection's own times, but for a server that falls silent. */
  static CompletableFuture<SessionMessage.Known> ask(PeerPort port, EventLoop loop, Address peer) {
    var known = new CompletableFuture<SessionMessage.Known>();
    loop.execute(() -> port.dial(peer, Kind.PROMPT, 0, new PeerPort.Dial() {
      @Override
      public void open(PeerConnection connection) {
        connection.listener(new Answer(known));
        connection.send(SessionCodec.write(new SessionMessage.StateWanted()));
        connection.flush();
      }

      @Override
      public void refused() {
        failed("connection refused at its peer port " + peer);
      }

      @Override
      public void failed(String reason) {
        known.completeExceptionally(new IOException(reason));
      }
    }));
    return known;
  }

  private record Answer(CompletableFuture<SessionMessage.Known> known) implements PeerConnection.Listener {
    @Override
    public void message(PeerConnection connection, byte[] array, int from, int to) {
      try {
        if (SessionCodec.read(array, from, to) instanceof SessionMessage.Known told) {
          known.complete(told);
        }
      } catch (MalformedException e) {
        known.completeExceptionally(new IOException("a malformed answer: " + e.getMessage(), e));
      }
      connection.close();
    }

    @Override
    public void closed(PeerConnection connection) {
      known.completeExceptionally(new IOException("the connection has ended before an answer"));
    }
  }
}
