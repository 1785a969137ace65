package dss.server;

import dss.core.binary.BinaryReader.MalformedException;
import dss.core.cluster.Address;
import dss.core.cluster.ClusterState;
import dss.core.cluster.StateCommand;
import dss.core.ecs.ServerReport;
import dss.peer.Kind;
import dss.peer.PeerConnection;
import dss.peer.PeerPort;
import dss.peer.SessionCodec;
import dss.peer.SessionMessage;
import dss.wire.InfoQuery;
import dss.wire.RespConnector;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session with the ECS: looked for every 500 ms without end, at the addresses this server was told, was prompted
 * with, and knows from the cluster state. Loop only.
 */
final class EcsLink implements PeerConnection.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(EcsLink.class);
  private static final long AGAIN_MS = 500;
  private static final long SILENT_MS = 2_000;
  private static final Duration ASK = Duration.ofSeconds(1);

  /** What the ECS's words come to. */
  interface Heard {
    String clusterId();

    /** Of the newest cluster state that was ever applied here and written down; 0: none. */
    long knownVersion();

    void sessionOpen();

    void state(ClusterState state);

    void refused(long nonce, long knownBoot);

    void lock(long ms);
  }

  private final PeerPort port;
  private final RespConnector connector;
  private final EventLoop loop;
  private final Heard heard;
  private final Set<Address> addresses = new LinkedHashSet<>();
  private @Nullable PeerConnection session;
  private @Nullable ClusterState mirror;
  private String complaint = "";
  private boolean looking;
  /** When the ECS last said that it leads; 0: it does not say so, it is the only one. */
  private long leadsHeardMs;
  private int next;

  EcsLink(PeerPort port, RespConnector connector, EventLoop loop, Heard heard) {
    this.port = port;
    this.connector = connector;
    this.loop = loop;
    this.heard = heard;
  }

  void start(List<Address> told) {
    addresses.addAll(told);
    loop.scheduleAtFixedRate(this::look, 0, AGAIN_MS, TimeUnit.MILLISECONDS);
  }

  /** The ECS may be found here too. */
  void mayBeAt(List<Address> more) {
    if (addresses.addAll(more)) {
      loop.execute(this::look);
    }
  }

  boolean isOpen() {
    return session != null;
  }

  /** An ECS that is stopped, or cut off from the others, keeps its sessions: they are left when it falls silent. */
  private void leaveTheSilent() {
    PeerConnection now = session;
    if (now != null && leadsHeardMs != 0 && SuspendedClock.nowMs() - leadsHeardMs > SILENT_MS) {
      LOG.warn("the ECS is silent for {} ms", SILENT_MS);
      now.close();
    }
  }

  private void look() {
    leaveTheSilent();
    if (session != null || looking || addresses.isEmpty()) {
      return;
    }
    looking = true;
    Address at = new ArrayList<>(addresses).get(next++ % addresses.size());
    InfoQuery.ask(connector, at.host(), at.port(), ASK).whenCompleteAsync((info, failure) -> {
      looking = false;
      if (failure != null) {
        complain("no ECS answers at " + at);
      } else {
        found(at, info);
      }
    }, loop);
  }

  private void found(Address at, Map<String, String> info) {
    String cluster = info.getOrDefault("dss_cluster_id", "");
    String mine = heard.clusterId();
    if (!info.getOrDefault("dss_role", "").equals("ecs")) {
      complain("what listens at " + at + " is no ECS");
    } else if (!mine.isEmpty() && !cluster.isEmpty() && !cluster.equals(mine)) {
      complain("the ECS at " + at + " belongs to cluster " + cluster + ", this server to " + mine
          + ": it is refused; start the ECS of this cluster again");
    } else if (!info.getOrDefault("dss_leading", "").equals("1")) {
      LOG.debug("the ECS at {} does not lead", at);
    } else if (version(info) < heard.knownVersion()) {
      complain("the ECS at " + at + " knows version " + version(info) + " of the cluster state, this server "
          + heard.knownVersion() + ": its data was lost or is an old one; see dss ecs --recover-from");
    } else {
      dial(new Address(at.host(), Integer.parseInt(info.getOrDefault("dss_peer_port", "1"))));
    }
  }

  private static long version(Map<String, String> info) {
    String version = info.getOrDefault("dss_state_version", "0");
    return version.matches("[0-9]{1,18}") ? Long.parseLong(version) : 0;
  }

  private void dial(Address peer) {
    looking = true;
    port.dial(peer, Kind.SESSION, 0, new PeerPort.Dial() {
      @Override
      public void open(PeerConnection connection) {
        looking = false;
        complaint = "";
        session = connection;
        mirror = null;
        leadsHeardMs = 0;
        connection.listener(EcsLink.this);
        LOG.info("session with the ECS at {}", peer);
        heard.sessionOpen();
      }

      @Override
      public void refused() {
        failed("connection refused");
      }

      @Override
      public void failed(String reason) {
        looking = false;
        complain("no session with the ECS at " + peer + ": " + reason);
      }
    });
  }

  /** Said once, not every half second. */
  private void complain(String what) {
    if (!what.equals(complaint)) {
      complaint = what;
      LOG.warn("{}; trying again every {} ms", what, AGAIN_MS);
    }
  }

  @Override
  public void closed(PeerConnection connection) {
    if (connection == session) {
      session = null;
      LOG.warn("the session with the ECS has ended");
      loop.execute(this::look);
    }
  }

  @Override
  public void message(PeerConnection connection, byte[] array, int from, int to) {
    if (connection != session) {
      return;
    }
    try {
      handle(SessionCodec.read(array, from, to));
    } catch (MalformedException e) {
      LOG.warn("the ECS sent something malformed, the session is closed: {}", e.getMessage());
      connection.close();
    }
  }

  private void handle(SessionMessage message) {
    switch (message) {
      case SessionMessage.Whole m -> state(m.state());
      case SessionMessage.Delta m -> {
        ClusterState known = mirror;
        if (known != null && known.version() == m.from()) {
          state(known.evolve(m.events()));
        } else {
          send(new SessionMessage.StateWanted());
        }
      }
      case SessionMessage.Refused m -> heard.refused(m.nonce(), m.knownBoot());
      case SessionMessage.Lock m -> heard.lock(m.ms());
      case SessionMessage.NotLeading m -> addresses.addAll(m.others());
      case SessionMessage.Leads m -> leadsHeardMs = SuspendedClock.nowMs();
      case SessionMessage.Known m -> misplaced();
      case SessionMessage.Ask m -> misplaced();
      case SessionMessage.Heartbeat m -> misplaced();
      case SessionMessage.Join m -> misplaced();
      case SessionMessage.StateWanted m -> misplaced();
      case SessionMessage.RegisterAt m -> misplaced();
    }
  }

  private static void misplaced() {
    throw new MalformedException("a message of servers'");
  }

  private void state(ClusterState state) {
    mirror = state;
    if (state.ecs().size() <= 1) {
      leadsHeardMs = 0;
    } else if (leadsHeardMs == 0) {
      leadsHeardMs = SuspendedClock.nowMs();
    }
    addresses.addAll(state.ecs());
    heard.state(state);
  }

  // ---- out

  /** Dropped while there is no session: whoever asks asks again. */
  void ask(StateCommand command) {
    send(new SessionMessage.Ask(command));
  }

  void heartbeat(long boot, ServerReport report) {
    send(new SessionMessage.Heartbeat(boot, report));
  }

  void join() {
    send(new SessionMessage.Join());
  }

  private void send(SessionMessage message) {
    if (session != null) {
      session.send(SessionCodec.write(message));
      session.flush();
    }
  }
}
