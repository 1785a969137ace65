package dss.ecs;

import dss.core.cluster.ClusterState;
import dss.core.cluster.ServerInfo;
import dss.core.cluster.StateCommand;
import dss.core.cluster.StateEvent;
import dss.peer.PeerConnection;
import dss.peer.SessionCodec;
import dss.peer.SessionMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one session of a running server. Loop only. */
final class ServerSession {
  final PeerConnection connection;
  private long sentVersion;
  /** It has asked to be made a member as soon as it is registered. */
  boolean joins;

  ServerSession(PeerConnection connection) {
    this.connection = connection;
  }

  String serverId() {
    return connection.peer().serverId();
  }

  void send(SessionMessage message) {
    connection.send(SessionCodec.write(message));
    connection.flush();
  }

  void whole(ClusterState state) {
    sentVersion = state.version();
    send(new SessionMessage.Whole(state));
  }

  /** The change that made this version; the whole where the server does not have the one before. */
  void changed(ClusterState state, List<StateEvent> events) {
    if (sentVersion == state.version() - 1) {
      sentVersion = state.version();
      send(new SessionMessage.Delta(state.version() - 1, events));
    } else if (sentVersion < state.version()) {
      whole(state);
    }
  }

  /** A server speaks for itself alone. */
  boolean mayAsk(@Nullable ClusterState state, StateCommand command) {
    ServerInfo self = state == null ? null : state.serverById(serverId());
    int number = self == null ? 0 : self.number();
    return switch (command) {
      case StateCommand.Register c -> c.id().equals(serverId());
      case StateCommand.SetInSync c -> c.server() == number;
      case StateCommand.Handover c -> c.server() == number;
      case StateCommand.SetStopping c -> c.server() == number;
      case StateCommand.SetMember c -> false;
      case StateCommand.Forget c -> false;
      case StateCommand.SetSettings c -> false;
      case StateCommand.MoveEcs c -> false;
      case StateCommand.Found c -> false;
      case StateCommand.Promote c -> false;
      case StateCommand.Want c -> false;
      case StateCommand.Abandon c -> false;
      case StateCommand.Pause c -> false;
    };
  }
}
