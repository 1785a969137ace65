package dss.ecs;

import dss.core.cluster.ServerInfo;
import dss.peer.Kind;
import dss.peer.PeerConnection;
import dss.peer.PeerPort;
import io.netty.channel.EventLoop;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Learns whether a server whose session has ended is gone: dials its peer port until that is refused, or a session is
 * there again. A server closes its peer port last. Loop only.
 */
final class GoneProbe {
  private static final int AGAIN_MS = 50;

  private final PeerPort port;
  private final EventLoop loop;
  private final IntFunction<@Nullable ServerInfo> server;
  private final IntPredicate hasSession;
  private final IntConsumer gone;
  private final Set<Integer> probing = new HashSet<>();

  GoneProbe(PeerPort port, EventLoop loop, IntFunction<@Nullable ServerInfo> server, IntPredicate hasSession,
      IntConsumer gone) {
    this.port = port;
    this.loop = loop;
    this.server = server;
    this.hasSession = hasSession;
    this.gone = gone;
  }

  void sessionEnded(int number) {
    if (probing.add(number)) {
      probe(number);
    }
  }

  private void probe(int number) {
    ServerInfo info = server.apply(number);
    if (info == null || hasSession.test(number)) {
      probing.remove(number);
      return;
    }
    port.dial(info.peer(), Kind.PROBE, 0, new PeerPort.Dial() {
      @Override
      public void open(PeerConnection connection) {
        connection.close();
        again();
      }

      @Override
      public void refused() {
        probing.remove(number);
        if (!hasSession.test(number)) {
          gone.accept(number);
        }
      }

      @Override
      public void failed(String reason) {
        again();
      }

      private void again() {
        loop.schedule(() -> probe(number), AGAIN_MS, TimeUnit.MILLISECONDS);
      }
    });
  }
}
