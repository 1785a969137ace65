package dss.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dss.core.cluster.Address;
import dss.core.cluster.Changes.Outcome;
import dss.core.cluster.ClusterState;
import dss.core.cluster.Settings;
import dss.core.cluster.StateCommand;
import dss.core.cluster.StateEvent;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicatedStateTest {
  private static final int STARTS = 12;
  private static final int SERVERS = 20;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private static final class Leads implements ReplicatedState.Listener {
    final CompletableFuture<Long> term = new CompletableFuture<>();

    @Override
    public void loaded(ClusterState state) {}

    @Override
    public void changed(ClusterState state, List<StateEvent> events, StateCommand command) {}

    @Override
    public void leading(long inTerm) {
      term.complete(inTerm);
    }

    @Override
    public void following() {}

    @Override
    public void closed() {}
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private ReplicatedState open(Leads leads) throws IOException {
    return open(directory, leads);
  }

  private static ReplicatedState open(Path in, Leads leads) throws IOException {
    EcsIdentity identity = EcsIdentity.read(in);
    return open(identity == null ? EcsIdentity.found(in, "ecs") : identity, in, freePort(), leads);
  }

  private static ReplicatedState open(EcsIdentity identity, Path in, int port, Leads leads)
      throws IOException {
    var place = new Place("127.0.0.1", new Address("127.0.0.1", port), new Address("127.0.0.1", 7000));
    return ReplicatedState.open(identity, in, place,
        id -> ClusterState.created(id, Settings.of(4, 3), List.of(new Address("127.0.0.1", 7000))), leads);
  }

  private static StateCommand register(int server) {
    return new StateCommand.Register("s" + server, 1, 1, 7, List.of(),
        new Address("127.0.0.1", 7001 + server),
        new Address("127.0.0.1", 17001), "");
  }

  @Test
  void everyStart_leadsSoon_andHasWhatWasDecidedBefore() throws Exception {
    long version = 1;
    String cluster = "";
    for (int start = 0; start < STARTS; start++) {
      var leads = new Leads();
      try (var state = open(leads)) {
        leads.term.get(20, TimeUnit.SECONDS);
        ClusterState now = Objects.requireNonNull(state.state());
        assertThat(now.version()).isEqualTo(version);
        assertThat(now.clusterId()).isEqualTo(start == 0 ? state.clusterId() : cluster);
        cluster = now.clusterId();
        Outcome outcome = state.submit(register(start)).get(10, TimeUnit.SECONDS);
        assertThat(outcome).isEqualTo(new Outcome.Registered(start + 1));
        version++;
      }
    }
  }

  /** The directory as a killed process leaves it: no snapshot of the end, the log is read from its beginning. */
  @Test
  void whoLedBeforeACrash_isNotToldAsNews(@TempDir Path killed) throws Exception {
    var leads = new Leads();
    try (var state = open(leads)) {
      leads.term.get(20, TimeUnit.SECONDS);
      for (int server = 0; server < SERVERS; server++) {
        state.submit(register(server)).get(10, TimeUnit.SECONDS);
      }
      copy(directory, killed);
    }
    var again = new Leads();
    try (var state = open(killed, again)) {
      assertThat(again.term.get(20, TimeUnit.SECONDS)).isGreaterThan(leads.term.join());
      assertThat(Objects.requireNonNull(state.state()).version()).isEqualTo(1 + SERVERS);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (Path file : files.filter(f -> Files.isRegularFile(f) && !f.endsWith("in_use.lock")).toList()) {
        Path copy = to.resolve(from.relativize(file));
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
  }

  @Test
  void aLostLog_isRefused() throws Exception {
    var leads = new Leads();
    try (var state = open(leads)) {
      leads.term.get(20, TimeUnit.SECONDS);
      assertThat(state.clusterId()).hasSize(32);
    }
    try (var files = Files.walk(directory.resolve("raft"))) {
      files.sorted(Comparator.reverseOrder())
          .forEach(file -> assertThat(file.toFile().delete()).isTrue());
    }
    assertThatThrownBy(() -> open(new Leads())).isInstanceOf(IOException.class)
        .hasMessageContaining("is gone");
  }

  @Test
  void aForeignDirectory_isRefused() throws Exception {
    Files.writeString(directory.resolve("something.txt"), "else");
    assertThatThrownBy(() -> open(new Leads())).isInstanceOf(IOException.class)
        .hasMessageContaining("not the data directory of an ECS");
  }

  private static Path in(Path parent, String name) {
    return parent.resolve(name);
  }

  private static List<Member> of(ReplicatedState... states) {
    return Arrays.stream(states).map(ReplicatedState::self).toList();
  }

  /** A lone peer is moved to another port, then others join: they know where it is now. */
  @Test
  void aLonePeerGrowsToThree_andGoesOnWithoutItsLeader() throws Exception {
    var first = new Leads();
    try (var alone = open(in(directory, "a"), first)) {
      first.term.get(20, TimeUnit.SECONDS);
      alone.submit(register(0)).get(10, TimeUnit.SECONDS);
    }
    var again = new Leads();
    var leadsB = new Leads();
    var leadsC = new Leads();
    ReplicatedState a = open(in(directory, "a"), again);
    try (var b = joiner("b", a.clusterId(), leadsB); var c = joiner("c", a.clusterId(), leadsC)) {
      again.term.get(20, TimeUnit.SECONDS);
      assertThat(a.members()).containsExactly(a.self());
      assertThat(b.members()).isEmpty();
      a.setMembers(of(a, b)).get(30, TimeUnit.SECONDS);
      a.setMembers(of(a, b, c)).get(30, TimeUnit.SECONDS);
      assertThat(c.members()).containsExactlyInAnyOrderElementsOf(of(a, b, c));
      a.submit(register(1)).get(10, TimeUnit.SECONDS);
      assertThat(Objects.requireNonNull(b.leader())).isEqualTo(a.self());
      a.close();
      CompletableFuture.anyOf(leadsB.term, leadsC.term).get(20, TimeUnit.SECONDS);
      ReplicatedState leader = leadsB.term.isDone() ? b : c;
      assertThat(Objects.requireNonNull(leader.state()).servers()).hasSize(2);
      leader.submit(register(2)).get(10, TimeUnit.SECONDS);
      leader.setMembers(of(b, c)).get(20, TimeUnit.SECONDS);
      leader.setMembers(of(leader)).get(20, TimeUnit.SECONDS);
      leader.submit(register(3)).get(10, TimeUnit.SECONDS);
      assertThat(leader.members()).containsExactly(leader.self());
      assertThat(Objects.requireNonNull(leader.state()).servers()).hasSize(4);
    } finally {
      a.close();
    }
  }

  private ReplicatedState joiner(String name, String clusterId, Leads leads) throws IOException {
    Path home = in(directory, name);
    return open(EcsIdentity.join(home, name, clusterId), home, freePort(), leads);
  }

  /** One that was never admitted must not begin a cluster of the same id by itself. */
  @Test
  void aJoinerThatIsNotAdmitted_neverLeads_alsoAfterARestart() throws Exception {
    for (int start = 0; start < 2; start++) {
      var leads = new Leads();
      EcsIdentity known = EcsIdentity.read(directory);
      EcsIdentity identity = known == null
          ? EcsIdentity.join(directory, "x", "0123456789abcdef".repeat(2))
          : known;
      try (var state = open(identity, directory, freePort(), leads)) {
        assertThatThrownBy(() -> leads.term.get(3, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
        assertThat(state.state()).isNull();
        assertThat(state.members()).isEmpty();
      }
    }
  }
}
