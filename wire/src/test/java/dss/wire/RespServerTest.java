package dss.wire;

import static dss.wire.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.RespLimits;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RespServerTest {
  private static final RespLimits LIMITS = new RespLimits(8 << 20, 4 << 20, 1000, 64 * 1024, 4);

  final TestHandler handler = new TestHandler();
  private Transport transport;
  RespServer server;

  boolean epoll() {
    return io.netty.channel.epoll.Epoll.isAvailable();
  }

  @BeforeEach
  void listen() throws IOException {
    transport = Transport.create("test-wire", 1, epoll());
    server = RespServer.listen(transport, transport.next(), "127.0.0.1", 0, LIMITS, handler);
  }

  @AfterEach
  void close() {
    server.close();
    transport.close();
  }

  @Test
  void pipelinedRequests_areAnsweredInOrder() throws Exception {
    try (var client = client()) {
      client.send("*2\r\n$4\r\nECHO\r\n$1\r\na\r\nPING\r\necho\r\nECHO 'b c'\r\n");
      assertThat(client.reply()).isEqualTo(Reply.bulk("a"));
      assertThat(client.reply()).isEqualTo(Reply.PONG);
      assertThat(client.reply()).isEqualTo(Reply.PONG);
      assertThat(client.reply()).isEqualTo(Reply.bulk("b c"));
    }
  }

  @Test
  void answersOutOfOrder_leaveInOrder() throws Exception {
    try (var client = client(); var other = client()) {
      client.send("HOLD 1\r\nHOLD 2\r\nECHO x\r\nHOLD 3\r\nPING\r\n");
      eventually("five requests", () -> handler.requests.get() == 5);
      other.send("RELEASE\r\n");
      assertThat(other.reply()).isEqualTo(Reply.OK);
      assertThat(List.of(client.reply(), client.reply(), client.reply(), client.reply(), client.reply()))
          .containsExactly(Reply.bulk("1"), Reply.bulk("2"), Reply.bulk("x"), Reply.bulk("3"), Reply.PONG);
      assertThat(handler.last.openRequests()).isZero();
    }
  }

  @Test
  void connectionsThatCameTogether_areAcceptedTogether() throws Exception {
    var connected = new CountDownLatch(1);
    server.loop().execute(() -> await(connected));
    var clients = new ArrayList<TestClient>();
    try {
      for (int i = 0; i < 20; i++) {
        clients.add(client());
        clients.get(i).send("OPENED\r\n");
      }
      connected.countDown();
      assertThat(clients.get(0).reply()).as("opened when the first was read")
          .isEqualTo(new Reply.Int(20));
    } finally {
      connected.countDown();
      for (TestClient client : clients) {
        client.close();
      }
    }
  }

  @Test
  void protocolSwitch_countsFromItsOwnReplyOn() throws Exception {
    try (var client = client()) {
      client.send("HOLD 1\r\nNULL\r\nHELLO 3\r\nNULL\r\nRELEASE\r\nQUIT\r\n");
      assertThat(client.rest()).startsWith("$1\r\n1\r\n$-1\r\n%8\r\n$6\r\nserver\r\n")
          .endsWith("*0\r\n_\r\n+OK\r\n+OK\r\n");
    }
  }

  @Test
  void hello_tellsWhoAnswers_andNamesTheConnection() throws Exception {
    try (var client = client()) {
      client.send("HELLO 2 SETNAME me\r\nNAME\r\nQUIT\r\n");
      assertThat(client.rest())
          .isEqualTo("*16\r\n$6\r\nserver\r\n$5\r\nredis\r\n$7\r\nversion\r\n$5\r\n7.0.0\r\n"
              + "$11\r\ndss_version\r\n$5\r\n0.0.1\r\n$5\r\nproto\r\n:2\r\n$2\r\nid\r\n:" + handler.last.id()
              + "\r\n$4\r\nmode\r\n$7\r\ncluster\r\n$4\r\nrole\r\n$6\r\nmaster\r\n$7\r\nmodules\r\n*0\r\n"
              + "$2\r\nme\r\n+OK\r\n");
    }
  }

  @Test
  void hello_thatIsRefused_changesNothing() throws Exception {
    try (var client = client()) {
      client.send("HELLO 3 SETNAME \"a b\" SETNAME c\r\nHELLO 3 SETNAME\r\nHELLO 4\r\nHELLO three\r\n"
          + "HELLO 3 AUTH default secret\r\nNULL\r\nNAME\r\nQUIT\r\n");
      assertThat(client.rest()).isEqualTo(
          "-ERR Client names cannot contain spaces, newlines or special characters.\r\n"
              + "-ERR Syntax error in HELLO option 'SETNAME'\r\n-NOPROTO unsupported protocol version\r\n"
              + "-ERR Protocol version is not an integer or out of range\r\n"
              + "-ERR AUTH <password> called without any password configured for the default user. Are you sure "
              + "your configuration is correct?\r\n$-1\r\n$0\r\n\r\n+OK\r\n");
    }
  }

  @Test
  void answeringTwice_isRefused() throws Exception {
    try (var client = client()) {
      client.send("HOLD 1\r\n");
      eventually("held", () -> handler.requests.get() == 1);
      onLoop(() -> {
        Ticket ticket = handler.held.get(0).ticket();
        ticket.answer(Reply.OK);
        assertThatThrownBy(() -> ticket.answer(Reply.OK)).isInstanceOf(IllegalStateException.class);
      });
      assertThat(client.reply()).isEqualTo(Reply.OK);
    }
  }

  @Test
  void tooLargeArgument_isAnsweredAndTheConnectionLives() throws Exception {
    try (var client = client()) {
      client.send("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$4194305\r\n");
      client.send("v".repeat(4194305) + "\r\nPING\r\n");
      assertThat(client.reply())
          .isEqualTo(
              Reply.error("ERR an argument of 4194305 bytes is longer than the limit of 4194304 bytes"));
      assertThat(client.reply()).isEqualTo(Reply.PONG);
    }
  }

  @Test
  void largeValue_goesThereAndBack() throws Exception {
    try (var client = client()) {
      String value = "v".repeat(4194304);
      client.send("*2\r\n$4\r\nECHO\r\n$4194304\r\n" + value + "\r\n");
      assertThat(client.reply()).isEqualTo(Reply.bulk(value));
    }
  }

  @Test
  void garbage_isAnsweredAfterWhatCameBeforeAndCloses() throws Exception {
    try (var client = client()) {
      client.send("HOLD 1\r\n*1\r\n:1\r\nPING\r\n" + "x".repeat(100_000));
      eventually("held", () -> handler.requests.get() == 1);
      onLoop(handler::release);
      assertThat(client.rest()).isEqualTo("$1\r\n1\r\n-ERR Protocol error: expected '$', got ':'\r\n");
    }
    eventually("closed", () -> handler.closed.get() == 1);
    assertThat(handler.requests.get()).isEqualTo(1);
  }

  @Test
  void quit_answersAndCloses() throws Exception {
    try (var client = client()) {
      client.send("PING\r\nQUIT\r\nPING\r\n");
      assertThat(client.rest()).isEqualTo("+PONG\r\n+OK\r\n");
    }
    eventually("closed", () -> handler.closed.get() == 1);
  }

  @Test
  void halfClosedClient_getsAllItsReplies() throws Exception {
    server.settings().pipelineRequests(2);
    try (var client = client()) {
      client.send("HOLD 1\r\nHOLD 2\r\n" + "ECHO x\r\n".repeat(100));
      client.socket.shutdownOutput();
      eventually("held", () -> handler.requests.get() == 2);
      onLoop(handler::release);
      assertThat(client.rest()).isEqualTo("$1\r\n1\r\n$1\r\n2\r\n" + "$1\r\nx\r\n".repeat(100));
    }
    eventually("closed", () -> handler.closed.get() == 1);
  }

  @Test
  void closedConnection_abandonsItsTickets() throws Exception {
    try (var client = client()) {
      client.send("HOLD 1\r\n");
      eventually("held", () -> handler.requests.get() == 1);
      onLoop(handler.last::close);
      assertThatThrownBy(client::reply).isInstanceOf(EOFException.class);
    }
    eventually("closed", () -> handler.closed.get() == 1);
    onLoop(() -> {
      assertThat(handler.held.get(0).ticket().abandoned()).isTrue();
      handler.release();
    });
  }

  @Test
  void bugInTheHandler_closesOnlyItsConnection() throws Exception {
    try (var client = client(); var other = client()) {
      client.send("BUG\r\n");
      assertThat(client.rest()).isEmpty();
      other.send("PING\r\n");
      assertThat(other.reply()).isEqualTo(Reply.PONG);
    }
  }

  @Test
  void tooManyClients_areToldSo() throws Exception {
    server.settings().maxClients(1);
    try (var client = client()) {
      client.send("PING\r\n");
      assertThat(client.reply()).isEqualTo(Reply.PONG);
      try (var refused = client()) {
        refused.send("PING\r\n");
        assertThat(refused.rest()).isEqualTo("-ERR max number of clients reached\r\n");
      }
    }
    eventually("closed", () -> server.connectionCount() == 0);
    assertThat(handler.opened.get()).isEqualTo(1);
    try (var client = client()) {
      client.send("PING\r\n");
      assertThat(client.reply()).isEqualTo(Reply.PONG);
    }
  }

  @Test
  void clientThatDoesNotRead_isNotReadFrom() throws Exception {
    server.settings().outputPauseBytes(64 * 1024);
    try (var client = client()) {
      int count = 2000;
      var writer = new Thread(() -> {
        try {
          client.send("BLOB 10000\r\n".repeat(count));
        } catch (IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      });
      writer.start();
      eventually("paused", () -> handler.requests.get() > 0 && handler.last.isPaused());
      onLoop(() -> assertThat(handler.last.outputBytes()).isBetween(1L, 64L * 1024 + 10_020));
      assertThat(handler.requests.get()).isLessThan(count);
      for (int i = 0; i < count; i++) {
        assertThat(((Reply.Bulk) client.reply()).bytes().length()).isEqualTo(10_000);
      }
      writer.join();
      eventually("reading again", () -> !handler.last.isPaused());
    }
  }

  @Test
  void manyOpenRequests_stopTheReadingUntilHalfAreAnswered() throws Exception {
    server.settings().pipelineRequests(10);
    try (var client = client()) {
      for (int i = 0; i < 25; i++) {
        client.send("HOLD " + i + "\r\n");
      }
      for (int seen = 10; seen < 25; seen = Math.min(25, seen + 10)) {
        int now = seen;
        eventually("paused at " + now, () -> handler.requests.get() == now && handler.last.isPaused());
        onLoop(handler::release);
      }
      eventually("all", () -> handler.requests.get() == 25);
      onLoop(handler::release);
      for (int i = 0; i < 25; i++) {
        assertThat(client.reply()).isEqualTo(Reply.bulk(String.valueOf(i)));
      }
    }
  }

  @Test
  void manyOpenBytes_stopTheReadingToo() throws Exception {
    server.settings().pipelineBytes(100_000);
    try (var client = client()) {
      String hold = "*2\r\n$4\r\nHOLD\r\n$60000\r\n" + "h".repeat(60_000) + "\r\n";
      client.send(hold + hold + hold);
      eventually("paused", () -> handler.requests.get() == 2 && handler.last.isPaused());
      onLoop(handler::release);
      eventually("third", () -> handler.requests.get() == 3);
    }
  }

  @Test
  void outputAboveItsLimit_closes() throws Exception {
    server.settings().outputLimitBytes(1 << 20);
    try (var client = client()) {
      client.send("BLOB 2000000\r\n");
      assertThat(client.rest()).isEmpty();
    }
    eventually("closed", () -> handler.closed.get() == 1);
  }

  @Test
  void idleConnection_isClosedWhereWanted() throws Exception {
    try (var client = client(); var waiting = client()) {
      client.send("PING\r\n");
      client.reply();
      waiting.send("HOLD 1\r\n");
      eventually("held", () -> handler.requests.get() == 2);
      server.settings().idleTimeoutSeconds(1);
      assertThat(client.rest()).isEmpty();
      eventually("closed", () -> handler.closed.get() == 1);
      onLoop(handler::release);
      assertThat(waiting.reply()).isEqualTo(Reply.bulk("1"));
    }
  }

  @Test
  void manyConnections_areServedAndCounted() throws Exception {
    var clients = new ArrayList<TestClient>();
    for (int i = 0; i < 200; i++) {
      clients.add(client());
      clients.get(i).send("ECHO " + i + "\r\n");
    }
    for (int i = 0; i < clients.size(); i++) {
      assertThat(clients.get(i).reply()).isEqualTo(Reply.bulk(String.valueOf(i)));
    }
    assertThat(server.connectionCount()).isEqualTo(200);
    onLoop(() -> assertThat(server.connections().stream().map(RespConnection::id).toList())
        .isEqualTo(java.util.stream.LongStream.rangeClosed(1, 200).boxed().toList()));
    for (TestClient client : clients) {
      client.close();
    }
    eventually("all closed", () -> server.connectionCount() == 0 && handler.closed.get() == 200);
  }

  @Test
  void connection_countsWhatPassed() throws Exception {
    try (var client = client()) {
      client.send("PING\r\nPING\r\nPI");
      client.reply();
      client.reply();
      eventually("14 bytes", () -> handler.last.bytesIn() == 14);
      onLoop(() -> {
        RespConnection connection = handler.last;
        assertThat(connection.commands()).isEqualTo(2);
        assertThat(connection.bytesOut()).isEqualTo(14);
        assertThat(connection.inputBytes()).isEqualTo(2);
        assertThat(connection.outputBytes()).isZero();
        assertThat(connection.lastActiveAtMs()).isGreaterThanOrEqualTo(connection.openedAtMs());
        assertThat(connection.remoteAddress()).isEqualTo(client.socket.getLocalSocketAddress());
        assertThat(connection.localAddress()).isEqualTo(client.socket.getRemoteSocketAddress());
        assertThat(server.connection(connection.id())).isSameAs(connection);
        assertThat(server.totals()).isEqualTo(new RespServer.Totals(2, 14, 14));
      });
    }
    eventually("closed", () -> server.connectionCount() == 0);
    onLoop(() -> assertThat(server.totals()).isEqualTo(new RespServer.Totals(2, 14, 14)));
  }

  @Test
  void portInUse_isSaidWithWhatToDo() {
    assertThatThrownBy(
        () -> RespServer.listen(transport, transport.next(), "127.0.0.1", server.port(), LIMITS, handler))
        .isInstanceOf(IOException.class)
        .hasMessage("cannot listen on 127.0.0.1:" + server.port()
            + ": the address is in use; stop the process that listens there or choose another port");
  }

  @Test
  void foreignAddress_isSaidWithWhatToDo() {
    assertThatThrownBy(() -> RespServer.listen(transport, transport.next(), "192.0.2.1", 0, LIMITS, handler))
        .isInstanceOf(IOException.class).hasMessageContaining("no address of this machine");
  }

  @Test
  void closingTheServer_closesItsConnections() throws Exception {
    try (var client = client()) {
      client.send("PING\r\n");
      client.reply();
      server.close();
      assertThat(client.rest()).isEmpty();
    }
    eventually("closed", () -> handler.closed.get() == 1);
  }

  @Test
  void binaryWords_passUnchanged() throws Exception {
    var all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    try (var client = client()) {
      client
          .send("*2\r\n$4\r\nECHO\r\n$256\r\n" + new String(all, java.nio.charset.StandardCharsets.ISO_8859_1)
              + "\r\n");
      assertThat(client.reply()).isEqualTo(Reply.bulk(Bytes.wrap(Arrays.copyOf(all, 256))));
    }
  }

  final TestClient client() throws IOException {
    return new TestClient(server.port());
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void onLoop(Runnable task) throws Exception {
    server.loop().submit(task).get();
  }
}
