package dss.wire;

import static dss.wire.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dss.protocol.Reply;
import dss.protocol.Request;
import dss.protocol.RespLimits;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RespConnectorTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final TestHandler handler = new TestHandler();
  private Transport transport;
  private RespServer server;
  private RespConnector connector;

  @BeforeEach
  void listen() throws IOException {
    transport = Transport.create("test-wire", 2);
    server = RespServer.listen(transport, transport.next(), "127.0.0.1", 0, RespLimits.SERVER, handler);
    connector = new RespConnector(transport, RespLimits.CLIENT);
  }

  @AfterEach
  void close() {
    server.close();
    transport.close();
  }

  @Test
  void requestsOfManyThreads_getTheirOwnReplies() throws Exception {
    ClientConnection connection = connect("localhost", server.port());
    var threads = new ArrayList<Thread>();
    var failures = new LinkedBlockingQueue<Throwable>();
    for (int t = 0; t < 8; t++) {
      int id = t;
      threads.add(new Thread(() -> {
        try {
          var replies = new ArrayList<CompletableFuture<Reply>>();
          for (int i = 0; i < 2000; i++) {
            replies.add(connection.send(Request.of("ECHO", id + "-" + i)));
          }
          for (int i = 0; i < replies.size(); i++) {
            assertThat(get(replies.get(i))).isEqualTo(Reply.bulk(id + "-" + i));
          }
        } catch (Throwable e) {
          failures.add(e);
        }
      }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
    assertThat(connection.openRequests()).isZero();
  }

  @Test
  void largeRequests_allArrive() throws Exception {
    ClientConnection connection = connect("127.0.0.1", server.port());
    var replies = new ArrayList<CompletableFuture<Reply>>();
    for (int i = 0; i < 20; i++) {
      replies.add(connection.send(Request.of("ECHO", String.valueOf(i).repeat(1 << 20))));
    }
    for (int i = 0; i < replies.size(); i++) {
      assertThat(((Reply.Bulk) get(replies.get(i))).bytes().length())
          .isEqualTo(String.valueOf(i).length() << 20);
    }
  }

  @Test
  void errorReply_isAReply() throws Exception {
    ClientConnection connection = connect("127.0.0.1", server.port());
    assertThat(get(connection.send(Request.of("PING")))).isEqualTo(Reply.PONG);
  }

  @Test
  void lostConnection_failsWhatWasWritten() throws Exception {
    ClientConnection connection = connect("127.0.0.1", server.port());
    CompletableFuture<Reply> reply = connection.send(Request.of("HOLD", "x"));
    eventually("held", () -> handler.requests.get() == 1);
    server.loop().submit(handler.last::close).get();
    assertThatThrownBy(() -> get(reply)).hasCauseInstanceOf(ConnectionLost.class)
        .satisfies(e -> assertThat(((ConnectionLost) cause(e)).written()).isTrue());
    connection.closed().get(10, TimeUnit.SECONDS);
    assertThat(connection.isOpen()).isFalse();
  }

  @Test
  void requestOnAClosedConnection_failsAsNotWritten() throws Exception {
    ClientConnection connection = connect("127.0.0.1", server.port());
    connection.close();
    connection.closed().get(10, TimeUnit.SECONDS);
    assertThatThrownBy(() -> get(connection.send(Request.of("PING"))))
        .hasCauseInstanceOf(ConnectionLost.class)
        .satisfies(e -> assertThat(((ConnectionLost) cause(e)).written()).isFalse());
  }

  @Test
  void sendAfterTheTransportClosed_failsAsNotWritten() throws Exception {
    ClientConnection connection = connect("127.0.0.1", server.port());
    transport.close();
    assertThatThrownBy(() -> get(connection.send(Request.of("PING"))))
        .hasCauseInstanceOf(ConnectionLost.class);
  }

  @Test
  void nobodyThere_isSaid() throws Exception {
    int port = server.port();
    server.close();
    assertThatThrownBy(() -> connect("127.0.0.1", port)).hasCauseInstanceOf(IOException.class)
        .hasMessageContaining("nobody answers at 127.0.0.1:" + port);
  }

  @Test
  void pushes_goToTheirConsumer_andGarbageEnds() throws Exception {
    try (var listener = new ServerSocket(0)) {
      CompletableFuture<ClientConnection> connected = connector.connect("127.0.0.1", listener.getLocalPort(),
          TIMEOUT);
      try (var socket = listener.accept()) {
        ClientConnection connection = connected.get(10, TimeUnit.SECONDS);
        var pushes = new LinkedBlockingQueue<Reply>();
        connection.onPush(pushes::add);
        CompletableFuture<Reply> reply = connection.send(Request.of("PING"));
        assertThat(socket.getInputStream().readNBytes(14)).asString().endsWith("PING\r\n");
        socket.getOutputStream().write(">1\r\n+hi\r\n+PONG\r\n".getBytes(StandardCharsets.UTF_8));
        assertThat(get(reply)).isEqualTo(Reply.PONG);
        assertThat(pushes.poll(10, TimeUnit.SECONDS)).isEqualTo(Reply.array(new Reply.Simple("hi")));
        CompletableFuture<Reply> broken = connection.send(Request.of("PING"));
        socket.getOutputStream().write("HTTP/1.1 400\r\n".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> get(broken)).hasCauseInstanceOf(ConnectionLost.class)
            .hasStackTraceContaining("does not speak RESP");
      }
    }
  }

  private ClientConnection connect(String host, int port) throws Exception {
    return connector.connect(host, port, TIMEOUT).get(20, TimeUnit.SECONDS);
  }

  private static Reply get(CompletableFuture<Reply> reply) throws Exception {
    return reply.get(20, TimeUnit.SECONDS);
  }

  private static Throwable cause(Throwable e) {
    return e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
  }
}
