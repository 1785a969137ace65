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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicatedStateTest {
  private static final int STARTS = 12;

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
    public void leading(String peer, long inTerm) {
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
    return ReplicatedState.open(directory, "127.0.0.1", freePort(),
        id -> ClusterState.created(id, Settings.of(4, 3), List.of(new Address("127.0.0.1", 7000))), leads);
  }

  @Test
  void everyStart_leadsSoon_andHasWhatWasDecidedBefore() throws Exception {
    long version = 1;
    String cluster = "";
    for (int start = 0; start < STARTS; start++) {
      var leads = new Leads();
      try (var state = open(leads)) {
        // Elections of a lone peer whose term began anew may be announced while it is not ready.
        leads.term.get(20, TimeUnit.SECONDS);
        ClusterState now = java.util.Objects.requireNonNull(state.state());
        assertThat(now.version()).isEqualTo(version);
        assertThat(now.clusterId()).isEqualTo(start == 0 ? state.clusterId() : cluster);
        cluster = now.clusterId();
        Outcome outcome = state.submit(new StateCommand.Register("s" + start, 1, 1, 7, List.of(),
            new Address("127.0.0.1", 7001 + start), new Address("127.0.0.1", 17001), ""))
            .get(10, TimeUnit.SECONDS);
        assertThat(outcome).isEqualTo(new Outcome.Registered(start + 1));
        version++;
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
      files.sorted(java.util.Comparator.reverseOrder())
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
}
