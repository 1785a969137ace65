package dss.peer;

import dss.core.binary.BinaryReader.MalformedException;
import dss.core.binary.BinaryWriter;
import dss.core.cluster.Address;
import dss.core.cluster.ClusterState;
import dss.core.cluster.ServerInfo;
import dss.core.replication.PeerMessage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Main and copy connections to all other registered servers. The lower server id opens the main connection and tries
 * again every beacon interval; the other dials only to learn whether it is refused. Loop only.
 * Source: docs/formats.md, Peer wire; docs/replication.md, Registration (whose life a message belongs to).
 */
public final class PeerMesh {
  private static final Logger LOG = LoggerFactory.getLogger(PeerMesh.class);

  /** What the protocol is told; the methods of {@code Node}. */
  public interface Listener {
    void connected(int server, long boot);

    void disconnected(int server);

    void refused(int server);

    void received(int server, long version, PeerMessage message);
  }

  /** Opens connections; {@link PeerPort#dial}. */
  interface Dialer {
    void dial(Address address, Kind kind, long mainId, PeerPort.Dial dial);
  }

  /** One other server. */
  private static final class Other {
    final int number;
    ServerInfo info;
    @Nullable
    PeerConnection main;
    @Nullable
    PeerConnection copy;
    boolean dialing;
    /** Main connections so far: a refusal says nothing of a process that has connected since its dial began. */
    long connections;
    /** Sent while the copy connection is being dialed; null: it is not. The window of copies bounds it. */
    @Nullable
    List<BinaryWriter> awaitingCopy;
    long dialAfter;
    /** Another server, with a disk of its own, has its address now: whoever dials it would get that one. */
    boolean replaced;

    Other(ServerInfo info) {
      this.number = info.number();
      this.info = info;
    }
  }

  private final Dialer dialer;
  private final LongSupplier nowMs;
  private final LongSupplier random;
  private final Listener listener;
  private final TreeMap<Integer, Other> others = new TreeMap<>();
  /** Those without a main connection: where there are a hundred others, a tick is not to look at all. */
  private final TreeMap<Integer, Other> unconnected = new TreeMap<>();
  private final Set<PeerConnection> unflushed = new LinkedHashSet<>();
  private final BinaryWriter writer = new BinaryWriter();
  private String selfId = "";
  private int beaconMs = 100;

  public PeerMesh(PeerPort port, LongSupplier nowMs, LongSupplier random, Listener listener) {
    this(port::dial, nowMs, random, listener);
  }

  PeerMesh(Dialer dialer, LongSupplier nowMs, LongSupplier random, Listener listener) {
    this.dialer = dialer;
    this.nowMs = nowMs;
    this.random = random;
    this.listener = listener;
  }

  /** The state in effect: whom there is to be connected with. */
  public void stateApplied(ClusterState state, int self) {
    ServerInfo me = state.server(self);
    selfId = me == null ? "" : me.id();
    beaconMs = state.settings().beaconMs();
    for (ServerInfo info : state.servers()) {
      if (info.number() != self) {
        Other other = others.computeIfAbsent(info.number(), n -> {
          var fresh = new Other(info);
          unconnected.put(n, fresh);
          return fresh;
        });
        if (!other.info.peer().equals(info.peer()) || other.info.nonce() != info.nonce()) {
          other.dialAfter = 0;
        }
        other.info = info;
      }
    }
    noteReplaced();
    others.values().removeIf(other -> {
      boolean gone = state.server(other.number) == null;
      if (gone) {
        if (other.main != null) {
          other.main.close();
        }
        unconnected.remove(other.number);
      }
      return gone;
    });
  }

  private void noteReplaced() {
    Map<Address, Integer> newest = new HashMap<>();
    others.values().forEach(other -> newest.merge(other.info.peer(), other.number, Math::max));
    for (Other other : others.values()) {
      other.replaced = newest.getOrDefault(other.info.peer(), other.number) > other.number;
      if (other.replaced) {
        unconnected.remove(other.number);
      } else if (other.main == null) {
        unconnected.put(other.number, other);
      }
    }
  }

  /** To be called every few milliseconds: dials whoever is not connected. */
  public void tick() {
    if (unconnected.isEmpty()) {
      return;
    }
    long now = nowMs.getAsLong();
    for (Other other : List.copyOf(unconnected.values())) {
      if (other.main == null && !other.dialing && now >= other.dialAfter) {
        dialMain(other, now);
      }
    }
  }

  /** Whether it waits for {@link #tick}: somebody is to be dialed. */
  public boolean wantsTicks() {
    return !unconnected.isEmpty();
  }

  private void dialMain(Other other, long now) {
    other.dialing = true;
    other.dialAfter = now + beaconMs;
    long connectionsThen = other.connections;
    boolean opens = selfId.compareTo(other.info.id()) < 0;
    dialer.dial(other.info.peer(), opens ? Kind.MAIN : Kind.PROBE, random.getAsLong(), new PeerPort.Dial() {
      @Override
      public void open(PeerConnection connection) {
        other.dialing = false;
        if (opens && connection.peer().serverId().equals(other.info.id())) {
          opened(connection);
        } else {
          connection.close();
        }
      }

      @Override
      public void refused() {
        other.dialing = false;
        if (other.main == null && other.connections == connectionsThen) {
          listener.refused(other.number);
        }
      }

      @Override
      public void failed(String reason) {
        other.dialing = false;
        if (opens) {
          LOG.debug("server {} at {}: {}", other.number, other.info.peer(), reason);
        }
      }
    });
  }

  /** Why a server's main or copy connection is not taken; null: it is. */
  public @Nullable String objection(Kind kind, PeerIdentity from, long mainId) {
    Other other = byId(from.serverId());
    if (selfId.isEmpty()) {
      return "this server is not registered yet";
    }
    if (other == null || from.boot() == 0 || from.boot() < other.info.boot()) {
      return "server " + from.serverId() + " is not known here in boot " + from.boot();
    }
    if (kind == Kind.COPY && (other.main == null || other.main.mainId() != mainId)) {
      return "the main connection of this copy connection has ended";
    }
    return null;
  }

  /** An open connection, dialed by either end. */
  public void opened(PeerConnection connection) {
    Other other = byId(connection.peer().serverId());
    if (other == null || connection.peer().boot() == 0) {
      connection.close();
      return;
    }
    if (connection.kind() == Kind.COPY) {
      connection.listener(new Receiving(other));
      return;
    }
    if (other.main != null) {
      PeerConnection old = other.main;
      ended(other, old);
      old.close();
    }
    other.main = connection;
    unconnected.remove(other.number);
    other.connections++;
    connection.listener(new Receiving(other));
    listener.connected(other.number, connection.peer().boot());
  }

  private @Nullable Other byId(String id) {
    for (Other other : others.values()) {
      if (other.info.id().equals(id)) {
        return other;
      }
    }
    return null;
  }

  private final class Receiving implements PeerConnection.Listener {
    private final Other other;
    /** A copy connection counts while the main one of its opening does. */
    private final @Nullable PeerConnection mainThen;

    Receiving(Other other) {
      this.other = other;
      this.mainThen = other.main;
    }

    @Override
    public void message(PeerConnection connection, byte[] array, int from, int to) {
      boolean counts = connection == other.main
          || (connection.kind() == Kind.COPY && other.main != null && other.main == mainThen);
      if (!counts) {
        connection.close();
        return;
      }
      try {
        PeerCodec.Versioned read = PeerCodec.read(array, from, to);
        listener.received(other.number, read.version(), read.message());
      } catch (MalformedException e) {
        LOG.warn("server {} sent something malformed, its connection is closed: {}", other.number,
            e.getMessage());
        connection.close();
      }
    }

    @Override
    public void closed(PeerConnection connection) {
      unflushed.remove(connection);
      if (connection == other.main) {
        ended(other, connection);
      } else if (connection == other.copy) {
        other.copy = null;
      }
    }
  }

  private void ended(Other other, PeerConnection main) {
    other.main = null;
    if (others.get(other.number) == other && !other.replaced) {
      unconnected.put(other.number, other);
    }
    other.awaitingCopy = null;
    if (other.copy != null) {
      other.copy.close();
      other.copy = null;
    }
    unflushed.remove(main);
    listener.disconnected(other.number);
    if (!other.dialing) {
      dialMain(other, nowMs.getAsLong());
    }
  }

  // ---- out

  /** Sends on the main connection; dropped where there is none. */
  public void send(int server, long version, PeerMessage message) {
    Other other = others.get(server);
    if (other == null || other.main == null) {
      return;
    }
    writer.reset();
    PeerCodec.write(writer, version, message);
    if (PeerCodec.isUrgent(message)) {
      other.main.sendUrgent(writer);
    } else {
      other.main.send(writer);
    }
    unflushed.add(other.main);
  }

  /** Sends on the copy connection, which is made when first needed; dropped while it is not open. */
  public void sendCopy(int server, long version, PeerMessage message) {
    Other other = others.get(server);
    if (other == null || other.main == null) {
      return;
    }
    var body = new BinaryWriter();
    PeerCodec.write(body, version, message);
    if (other.copy != null) {
      other.copy.send(body);
      unflushed.add(other.copy);
    } else if (other.awaitingCopy != null) {
      other.awaitingCopy.add(body);
    } else {
      dialCopy(other, other.main, body);
    }
  }

  private void dialCopy(Other other, PeerConnection main, BinaryWriter first) {
    List<BinaryWriter> awaiting = new ArrayList<>(List.of(first));
    other.awaitingCopy = awaiting;
    dialer.dial(other.info.peer(), Kind.COPY, main.mainId(), new PeerPort.Dial() {
      @Override
      public void open(PeerConnection connection) {
        if (other.main != main) {
          connection.close();
          return;
        }
        other.awaitingCopy = null;
        other.copy = connection;
        connection.listener(new Receiving(other));
        awaiting.forEach(connection::send);
        connection.flush();
      }

      @Override
      public void refused() {
        failed("refused");
      }

      @Override
      public void failed(String reason) {
        if (other.awaitingCopy == awaiting) {
          other.awaitingCopy = null;
        }
        LOG.debug("copy connection to server {}: {}", other.number, reason);
      }
    });
  }

  /** Sends what this turn has made ready. */
  public void flush() {
    if (!unflushed.isEmpty()) {
      unflushed.forEach(PeerConnection::flush);
      unflushed.clear();
    }
  }

  public void disconnect(int server) {
    Other other = others.get(server);
    if (other != null && other.main != null) {
      other.main.close();
    }
  }

  /** Servers with an open main connection. */
  public Collection<Integer> connected() {
    return others.values().stream().filter(o -> o.main != null).map(o -> o.number).toList();
  }
}
