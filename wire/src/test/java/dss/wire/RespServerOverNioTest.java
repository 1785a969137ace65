package dss.wire;

import static dss.wire.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dss.protocol.Reply;
import java.io.EOFException;
import org.junit.jupiter.api.Test;

/** The same over NIO, for machines without epoll. */
final class RespServerOverNioTest extends RespServerTest {
  @Override
  boolean epoll() {
    return false;
  }

  @Test
  void halfClosedClientThatReadsSlowly_getsAllItsReplies() throws Exception {
    server.settings().outputPauseBytes(64 * 1024);
    try (var client = client()) {
      client.send("BLOB 10000000\r\n".repeat(5));
      client.socket.shutdownOutput();
      eventually("first", () -> handler.requests.get() > 0);
      for (int i = 0; i < 5; i++) {
        assertThat(((Reply.Bulk) client.reply()).bytes().length()).isEqualTo(10_000_000);
      }
      assertThatThrownBy(client::reply).isInstanceOf(EOFException.class);
    }
    eventually("closed", () -> handler.closed.get() == 1);
  }
}
