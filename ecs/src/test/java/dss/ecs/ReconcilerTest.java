package dss.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import dss.consensus.EcsIdentity;
import dss.consensus.Place;
import dss.consensus.ReplicatedState;
import dss.core.cluster.Address;
import dss.core.cluster.ClusterState;
import dss.core.cluster.Settings;
import dss.core.cluster.StateCommand;
import dss.core.cluster.StateEvent;
import dss.core.ecs.Controller.TrustRefused;
import dss.peer.Endpoint;
import dss.peer.PeerIdentity;
import dss.peer.PeerPort;
import dss.wire.Transport;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReconcilerTest {
  /** Passes everything on, and tells when the leading was passed on. */
  private record Watched(ReplicatedState.Listener to,
      CountDownLatch led) implements ReplicatedState.Listener {
    @Override
    public void loaded(ClusterState state) {
      to.loaded(state);
    }

    @Override
    public void changed(ClusterState state, List<StateEvent> events, StateCommand command) {
      to.changed(state, events, command);
    }

    @Override
    public void leading(long term) {
      to.leading(term);
      led.countDown();
    }

    @Override
    public void following() {
      to.following();
    }

    @Override
    public void closed() {
      to.closed();
    }
  }

  @Test
  void aPeerThatLedBeforeItsStart_leadsAllTheSame(@TempDir Path directory) throws Exception {
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    try (var transport = Transport.create("test", 1)) {
      var loop = transport.next();
      var reconciler = new Reconciler(loop, TrustRefused.AUTO, state -> {});
      var led = new CountDownLatch(1);
      var place = new Place("127.0.0.1", new Address("127.0.0.1", port), new Address("127.0.0.1", 7000));
      try (var state = ReplicatedState.open(EcsIdentity.found(directory, "ecs"), directory, place,
          id -> ClusterState.created(id, Settings.of(4, 3), List.of(new Address("127.0.0.1", 7000))),
          new Watched(reconciler.listener(() -> {}), led))) {
        assertThat(led.await(20, TimeUnit.SECONDS)).isTrue();
        loop.submit(() -> {}).sync();
        var peers = new PeerPort(Endpoint.on(loop, transport.isEpoll()),
            () -> new PeerIdentity("", "ecs", 0, 0, 0), null,
            1 << 20);
        reconciler.use(state);
        reconciler.start(new GoneProbe(peers, loop, number -> null, number -> false, number -> {}),
            leads -> {});
        assertThat(reconciler.ready().get(5, TimeUnit.SECONDS).version()).isEqualTo(1);
      }
    }
  }
}
