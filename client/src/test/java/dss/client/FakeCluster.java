package dss.client;

import dss.protocol.Reply;
import dss.protocol.Slots;
import dss.wire.Transport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Fake servers with one store behind them; each owns an equal arc, as all of them say, until told otherwise. */
final class FakeCluster implements AutoCloseable {
  final FakeStore store = new FakeStore();
  final List<FakeServer> servers = new ArrayList<>();
  private final Transport transport = Transport.create("fake", 2);

  FakeCluster(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      servers.add(new FakeServer(transport, store));
    }
    owners(servers.toArray(new FakeServer[0]));
  }

  FakeServer get(int index) {
    return servers.get(index);
  }

  /** A further server, which owns nothing. */
  FakeServer add() throws IOException {
    var server = new FakeServer(transport, store);
    server.slots = servers.get(0).slots;
    servers.add(server);
    return server;
  }

  /** From now on all servers say that these own equal arcs. */
  void owners(FakeServer... owners) {
    Reply slots = slots(owners);
    servers.forEach(server -> server.slots = () -> slots);
  }

  static Reply slots(FakeServer... owners) {
    var arcs = new ArrayList<Reply>();
    for (int i = 0; i < owners.length; i++) {
      int from = Slots.COUNT * i / owners.length;
      int to = Slots.COUNT * (i + 1) / owners.length - 1;
      Endpoint at = owners[i].endpoint;
      arcs.add(Reply.array(Reply.integer(from), Reply.integer(to), Reply.array(Reply.bulk(at.host()),
          Reply.integer(at.port()), Reply.bulk("id" + i), Reply.EMPTY_ARRAY)));
    }
    return new Reply.Array(arcs);
  }

  /** A key in the arc of this owner of so many. */
  String keyOf(int owner, int owners) {
    for (int i = 0;; i++) {
      String key = "key" + i;
      if (Slots.of(dss.protocol.Bytes.utf8(key)) * owners / Slots.COUNT == owner) {
        return key;
      }
    }
  }

  static Reply moved(FakeServer to) {
    return Reply.error("MOVED 1 " + to.endpoint);
  }

  @Override
  public void close() {
    servers.forEach(FakeServer::close);
    transport.close();
  }
}
