package dss.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.cluster.Address;
import dss.core.cluster.Changes;
import dss.core.cluster.ClusterState;
import dss.core.cluster.Settings;
import dss.core.cluster.StateCommand.Register;
import dss.core.replication.PeerMessage;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whom a mesh believes connected, and whom gone. */
class PeerMeshTest implements PeerMesh.Listener {
  private final List<String> heard = new ArrayList<>();
  private final ArrayDeque<PeerPort.Dial> dials = new ArrayDeque<>();
  private long now = 1_000;
  private final PeerMesh mesh = new PeerMesh((address, kind, mainId, dial) -> dials.add(dial), () -> now,
      () -> 1,
      this);

  @Override
  public void connected(int server, long boot) {
    heard.add("connected " + server);
  }

  @Override
  public void disconnected(int server) {
    heard.add("disconnected " + server);
  }

  @Override
  public void refused(int server) {
    heard.add("refused " + server);
  }

  @Override
  public void received(int server, long version, PeerMessage message) {}

  private static String id(int server) {
    return Integer.toString(server).repeat(40);
  }

  @BeforeEach
  void twoServers() {
    ClusterState state = ClusterState.created("c", Settings.of(1, 3), List.of());
    for (int server = 1; server <= 2; server++) {
      var address = new Address("127.0.0.1", server);
      state = state.evolve(Changes
          .decide(state, new Register(id(server), 1, 1, server, List.of(), address, address, "")).events());
    }
    mesh.stateApplied(state, 2);
    mesh.tick();
  }

  private PeerConnection connects() {
    var connection = new PeerConnection(new EmbeddedChannel(), Kind.MAIN,
        new PeerIdentity("c", id(1), 1, 1, 1),
        1);
    mesh.opened(connection);
    return connection;
  }

  @Test
  void aRefusal_saysThatNothingListens() {
    dials.remove().refused();
    assertThat(heard).containsExactly("refused 1");
  }

  @Test
  void aRefusalOfADial_thatAConnectionHasOvertaken_saysNothing() {
    PeerPort.Dial dial = dials.remove();
    connects().ended();
    dial.refused();
    assertThat(heard).containsExactly("connected 1", "disconnected 1");
  }

  @Test
  void afterAConnectionHasEnded_theNextDialCountsAgain() {
    dials.remove().failed("slow");
    connects().ended();
    dials.remove().refused();
    assertThat(heard).containsExactly("connected 1", "disconnected 1", "refused 1");
  }

  @Test
  void aTick_dialsWhoeverIsNotConnected_everyBeaconInterval() {
    dials.remove().failed("slow");
    mesh.tick();
    assertThat(dials).as("too soon").isEmpty();
    now += Settings.of(1, 3).beaconMs();
    mesh.tick();
    assertThat(dials).hasSize(1);
    dials.remove().failed("slow");
    PeerConnection connection = connects();
    now += 10_000;
    mesh.tick();
    assertThat(dials).as("it is connected").isEmpty();
    connection.ended();
    dials.remove().failed("slow");
    now += 10_000;
    mesh.tick();
    assertThat(dials).as("it is not any more").hasSize(1);
  }

  @Test
  void aServerThatIsForgotten_isDialedNoMore() {
    dials.remove().failed("slow");
    PeerConnection connection = connects();
    var address = new Address("127.0.0.1", 2);
    ClusterState alone = ClusterState.created("c", Settings.of(1, 3), List.of());
    alone = alone.evolve(Changes
        .decide(alone, new Register(id(2), 1, 1, 2, List.of(), address, address, "")).events());
    mesh.stateApplied(alone, 1);
    connection.ended();
    dials.clear();
    now += 10_000;
    mesh.tick();
    assertThat(dials).isEmpty();
  }

  @Test
  void aSecondMainConnection_endsTheFirst() {
    connects();
    connects();
    assertThat(heard).containsExactly("connected 1", "disconnected 1", "connected 1");
  }

  /** Its disk was lost, so that another server is at its address: whoever dials the old one would get the new one. */
  @Test
  void aServerWhoseAddressIsAnothersNow_isDialedNoMore() {
    ClusterState state = ClusterState.created("c", Settings.of(1, 3), List.of());
    for (int server = 1; server <= 3; server++) {
      var address = new Address("127.0.0.1", server == 3 ? 1 : server);
      state = state.evolve(Changes
          .decide(state, new Register(id(server), 1, 1, server, List.of(), address, address, "")).events());
    }
    dials.remove().failed("gone");
    mesh.stateApplied(state, 2);
    now += 10_000;
    mesh.tick();
    assertThat(dials).as("the new one alone").hasSize(1);
    PeerPort.Dial dial = dials.remove();
    dial.open(new PeerConnection(new EmbeddedChannel(), Kind.MAIN, new PeerIdentity("c", id(3), 3, 1, 1), 1));
    now += 10_000;
    mesh.tick();
    assertThat(dials).isEmpty();
    assertThat(mesh.wantsTicks()).isFalse();
    assertThat(heard).containsExactly("connected 3");
  }

  @Test
  void whoeverAnswersInAnothersPlace_isNotTakenForIt() {
    dials.clear();
    mesh.stateApplied(threeServers(), 1);
    now += 10_000;
    mesh.tick();
    dials.remove()
        .open(new PeerConnection(new EmbeddedChannel(), Kind.MAIN, new PeerIdentity("c", id(3), 3, 1, 1), 1));
    assertThat(heard).isEmpty();
  }

  private static ClusterState threeServers() {
    ClusterState state = ClusterState.created("c", Settings.of(1, 3), List.of());
    for (int server = 1; server <= 3; server++) {
      var address = new Address("127.0.0.1", server);
      state = state.evolve(Changes
          .decide(state, new Register(id(server), 1, 1, server, List.of(), address, address, "")).events());
    }
    return state;
  }
}
