package dss.ecs;

import dss.core.cluster.Address;
import dss.core.cluster.ClusterState;
import dss.core.cluster.ServerInfo;
import dss.core.cluster.StateCommand;
import dss.core.placement.Placement.Site;
import dss.peer.Kind;
import dss.peer.PeerConnection;
import dss.peer.PeerPort;
import dss.peer.SessionCodec;
import dss.peer.SessionMessage;
import dss.protocol.Reply;
import dss.wire.InfoQuery;
import dss.wire.RespConnector;
import dss.wire.Waiting;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the server that listens at a RESP address a member: asks it who it is, prompts it to register where it has not,
 * then adds it. Loop only. Source: docs/architecture.md, Words on the wire ("add" of a running server).
 */
final class Joining {
  private static final Duration ASK = Duration.ofSeconds(2);
  private static final long REGISTERED_MS = 10_000;
  private static final long LOOK_MS = 20;

  private final Reconciler reconciler;
  private final RespConnector connector;
  private final PeerPort port;
  private final EventLoop loop;

  Joining(Reconciler reconciler, RespConnector connector, PeerPort port, EventLoop loop) {
    this.reconciler = reconciler;
    this.connector = connector;
    this.port = port;
    this.loop = loop;
  }

  /** Who would be added, were it: {@code found}, or a refusal that says why not. */
  void identify(String host, int respPort, Consumer<Reply> refused, Consumer<Site> found) {
    ask(host, respPort, refused, (info, state) -> {
      String id = info.getOrDefault("dss_server_id", "");
      ServerInfo server = state.serverById(id);
      String refusal = refusal(host + ":" + respPort, info, state);
      if (refusal != null) {
        refused.accept(Reply.error(refusal));
      } else {
        found.accept(new Site(server == null ? state.numbersGiven() + 1 : server.number(), id, host,
            server == null ? "" : server.zone()));
      }
    });
  }

  void join(String host, int respPort, Consumer<Reply> answer) {
    ask(host, respPort, answer, (info, state) -> joinKnown(host + ":" + respPort, host, info, state, answer));
  }

  private void ask(String host, int respPort, Consumer<Reply> answer,
      BiConsumer<Map<String, String>, ClusterState> then) {
    InfoQuery.ask(connector, host, respPort, ASK).whenCompleteAsync((info, failure) -> {
      String where = host + ":" + respPort;
      ClusterState state = reconciler.state();
      if (failure != null) {
        answer.accept(Reply.error("ERR no server answers at " + where + ": start one with dss server --port "
            + respPort + " (" + Admin.oneLine(Waiting.reason(failure)) + ")"));
      } else if (state == null || !info.getOrDefault("dss_role", "").equals("server")) {
        answer.accept(Reply.error("ERR what listens at " + where + " is no DSS server"));
      } else {
        then.accept(info, state);
      }
    }, loop);
  }

  private void joinKnown(String where, String host, Map<String, String> info, ClusterState state,
      Consumer<Reply> answer) {
    String id = info.getOrDefault("dss_server_id", "");
    String refusal = refusal(where, info, state);
    if (refusal != null) {
      answer.accept(Reply.error(refusal));
    } else if (isRegistered(id)) {
      add(id, where, answer);
    } else {
      var peer = new Address(host, Integer.parseInt(info.getOrDefault("dss_peer_port", "1")));
      prompt(peer, () -> awaitRegistered(id, where, Reconciler.nowMs() + REGISTERED_MS, answer),
          reason -> answer
              .accept(Reply.error("ERR the server at " + where + " cannot be prompted at its peer port "
                  + peer + ": " + Admin.oneLine(reason))));
    }
  }

  private static @Nullable String refusal(String where, Map<String, String> info, ClusterState state) {
    String cluster = info.getOrDefault("dss_cluster_id", "");
    if (!cluster.isEmpty() && !cluster.equals(state.clusterId())) {
      return "ERR the server at " + where + " belongs to cluster " + cluster + ", not to " + state.clusterId()
          + ": give it another, empty --data directory";
    }
    ServerInfo server = state.serverById(info.getOrDefault("dss_server_id", ""));
    return server != null && server.member() ? "ERR the server at " + where + " is a member already" : null;
  }

  /** Registered in the start that has a session now. */
  private boolean isRegistered(String id) {
    ClusterState state = reconciler.state();
    ServerInfo server = state == null ? null : state.serverById(id);
    ServerSession session = reconciler.sessions().of(id);
    return server != null && session != null && session.connection.peer().nonce() == server.nonce();
  }

  /** Tells a server where the ECS is: it registers there. */
  void prompt(Address peer, Runnable told, Consumer<String> failed) {
    port.dial(peer, Kind.PROMPT, 0, new PeerPort.Dial() {
      @Override
      public void open(PeerConnection connection) {
        ClusterState state = reconciler.state();
        if (state != null) {
          connection.send(SessionCodec.write(new SessionMessage.RegisterAt(state.ecs())));
          connection.flush();
        }
        told.run();
      }

      @Override
      public void refused() {
        failed("connection refused");
      }

      @Override
      public void failed(String reason) {
        failed.accept(reason);
      }
    });
  }

  private void awaitRegistered(String id, String where, long until, Consumer<Reply> answer) {
    if (isRegistered(id)) {
      add(id, where, answer);
    } else if (Reconciler.nowMs() >= until) {
      answer.accept(
          Reply.error("ERR the server at " + where + " did not register within " + REGISTERED_MS / 1000
              + " s: its log says why"));
    } else {
      loop.schedule(() -> awaitRegistered(id, where, until, answer), LOOK_MS, TimeUnit.MILLISECONDS);
    }
  }

  private void add(String id, String where, Consumer<Reply> answer) {
    ClusterState state = reconciler.state();
    ServerInfo server = state == null ? null : state.serverById(id);
    if (server == null) {
      answer.accept(Reply.error("ERR the server at " + where + " is not registered"));
      return;
    }
    reconciler.commit(new StateCommand.SetMember(server.number(), true)).whenComplete(
        (outcome, failure) -> answer.accept(failure != null
            ? Reply
                .error(
                    "ERR the addition was not decided, ask again: " + Admin.oneLine(Waiting.reason(failure)))
            : new Reply.Simple("adding " + server.resp())));
  }
}
