package dss.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.cluster.ClusterState;
import dss.core.cluster.StateCommand;
import dss.core.cluster.StateEvent;
import java.util.ArrayList;
import java.util.List;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;

/** Who leads is said by an entry of the log, applied here, that this process announced and that is still true. */
class ClusterStateMachineTest {
  private static final long TERM = 7;
  private static final LogCommand.Leading OWN = new LogCommand.Leading("own", TERM);
  private final List<String> heard = new ArrayList<>();
  private final ClusterStateMachine machine = new ClusterStateMachine(new ReplicatedState.Listener() {
    @Override
    public void loaded(ClusterState state) {}

    @Override
    public void changed(ClusterState state, List<StateEvent> events, StateCommand command) {}

    @Override
    public void leading(long term) {
      heard.add("leads in term " + term);
    }

    @Override
    public void following() {
      heard.add("follows");
    }

    @Override
    public void closed() {}
  }, () -> {}, members -> {});

  private void applied(LogCommand command, long index) {
    var entry = LogEntryProto.newBuilder().setTerm(TERM).setIndex(index).setStateMachineLogEntry(
        StateMachineLogEntryProto.newBuilder().setLogData(ByteString.copyFrom(LogCommand.encode(command))))
        .build();
    machine.applyTransaction(TransactionContext.newBuilder().setServerRole(RaftPeerRole.FOLLOWER)
        .setStateMachine(machine).setLogEntry(entry).build()).join();
  }

  @Test
  void itLeads_whenWhatItAnnouncedIsApplied() {
    machine.announces(OWN);
    assertThat(heard).isEmpty();
    applied(OWN, 1);
    assertThat(heard).containsExactly("leads in term 7");
  }

  @Test
  void whatEarlierProcessesAnnounced_saysNothing() {
    applied(OWN, 1);
    machine.announces(OWN);
    applied(new LogCommand.Leading("own", TERM - 1), 2);
    applied(new LogCommand.Leading("other", TERM), 3);
    assertThat(heard).isEmpty();
  }

  /** The entry may be applied after another leads: as if it led would then be said behind that it does not. */
  @Test
  void whoLeadsNoMoreWhenItsAnnouncementIsApplied_doesNotLead() {
    machine.announces(OWN);
    machine.notifyNotLeader(List.of());
    applied(OWN, 1);
    assertThat(heard).containsExactly("follows");
  }
}
