package dss.wire;

import dss.protocol.ProtocolError;
import dss.protocol.Reply;
import dss.protocol.ReplyParser;
import dss.protocol.RespLimits;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client over a plain blocking socket. */
final class TestClient implements AutoCloseable {
  final Socket socket;
  private final ReplyParser parser = new ReplyParser(RespLimits.CLIENT);
  private byte[] bytes = new byte[0];
  private int at;

  TestClient(int port) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(20_000);
    socket.setTcpNoDelay(true);
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The next reply; EOFException at the end of the stream. */
  Reply reply() throws IOException, ProtocolError {
    while (true) {
      if (at == bytes.length) {
        bytes = new byte[65536];
        int count = socket.getInputStream().read(bytes);
        if (count < 0) {
          bytes = new byte[0];
          at = 0;
          throw new EOFException();
        }
        bytes = java.util.Arrays.copyOf(bytes, count);
        at = 0;
      }
      at = parser.feed(bytes, at, bytes.length);
      if (parser.ready()) {
        return parser.take();
      }
    }
  }

  /** All bytes up to the end of the stream. */
  String rest() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
