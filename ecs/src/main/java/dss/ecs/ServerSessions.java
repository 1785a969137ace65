package dss.ecs;

import dss.core.binary.BinaryReader.MalformedException;
import dss.core.cluster.ClusterState;
import dss.core.cluster.ServerInfo;
import dss.core.cluster.StateCommand;
import dss.core.cluster.StateEvent;
import dss.core.ecs.ServerReport;
import dss.peer.Kind;
import dss.peer.PeerConnection;
import dss.peer.PeerIdentity;
import dss.peer.PeerPort;
import dss.peer.SessionCodec;
import dss.peer.SessionMessage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sessions of all running servers: what they say goes to the reconciler, what changes goes to them. Loop only. */
final class ServerSessions implements PeerPort.Acceptor, PeerConnection.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(ServerSessions.class);

  /** What comes of what servers say. */
  interface Heard {
    boolean leading();

    @Nullable
    ClusterState state();

    void asked(ServerSession from, StateCommand command);

    void heartbeat(ServerInfo server, ServerReport report);

    void wantsToJoin(ServerSession from);

    void ended(ServerInfo server);
  }

  private final Heard heard;
  private final Map<String, ServerSession> byServerId = new HashMap<>();

  ServerSessions(Heard heard) {
    this.heard = heard;
  }

  @Override
  public @Nullable String objection(Kind kind, PeerIdentity from, long mainId) {
    if (kind != Kind.SESSION) {
      return "this is the port of an ECS: servers have sessions here, nothing else";
    }
    return heard.leading() ? null : "this ECS does not lead now";
  }

  @Override
  public void accepted(PeerConnection connection) {
    var session = new ServerSession(connection);
    ServerSession old = byServerId.put(session.serverId(), session);
    connection.listener(this);
    if (old != null) {
      old.connection.close();
    }
    ClusterState state = heard.state();
    if (state != null) {
      session.whole(state);
    }
  }

  @Override
  public void message(PeerConnection connection, byte[] array, int from, int to) {
    ServerSession session = byServerId.get(connection.peer().serverId());
    if (session == null || session.connection != connection) {
      connection.close();
      return;
    }
    try {
      handle(session, SessionCodec.read(array, from, to));
    } catch (MalformedException e) {
      LOG.warn("server {} sent something malformed: {}", session.serverId(), e.getMessage());
      connection.close();
    }
  }

  private void handle(ServerSession session, SessionMessage message) {
    ClusterState state = heard.state();
    switch (message) {
      case SessionMessage.Ask m -> heard.asked(session, m.command());
      case SessionMessage.Heartbeat m -> {
        ServerInfo server = state == null ? null : state.serverById(session.serverId());
        if (server != null && m.boot() == server.boot()) {
          heard.heartbeat(server, m.report());
        }
      }
      case SessionMessage.Join m -> heard.wantsToJoin(session);
      case SessionMessage.StateWanted m -> {
        if (state != null) {
          session.whole(state);
        }
      }
      case SessionMessage.Whole m -> misplaced(session);
      case SessionMessage.Leads m -> misplaced(session);
      case SessionMessage.Known m -> misplaced(session);
      case SessionMessage.Delta m -> misplaced(session);
      case SessionMessage.Refused m -> misplaced(session);
      case SessionMessage.NotLeading m -> misplaced(session);
      case SessionMessage.Lock m -> misplaced(session);
      case SessionMessage.RegisterAt m -> misplaced(session);
    }
  }

  private static void misplaced(ServerSession session) {
    throw new MalformedException("a message of the ECS's from server " + session.serverId());
  }

  @Override
  public void closed(PeerConnection connection) {
    ServerSession session = byServerId.get(connection.peer().serverId());
    if (session == null || session.connection != connection) {
      return;
    }
    byServerId.remove(session.serverId());
    ClusterState state = heard.state();
    ServerInfo server = state == null ? null : state.serverById(session.serverId());
    if (server != null) {
      heard.ended(server);
    }
  }

  @Nullable
  ServerSession of(String serverId) {
    return byServerId.get(serverId);
  }

  void changed(ClusterState state, List<StateEvent> events) {
    byServerId.values().forEach(session -> session.changed(state, events));
  }

  void whole(ClusterState state) {
    byServerId.values().forEach(session -> session.whole(state));
  }

  void leads(long term) {
    byServerId.values().forEach(session -> session.send(new SessionMessage.Leads(term)));
  }

  /** This ECS leads no more: servers look for the one that does. */
  void endAll() {
    List.copyOf(byServerId.values()).forEach(session -> session.connection.close());
  }
}
