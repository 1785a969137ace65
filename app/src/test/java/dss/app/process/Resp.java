package dss.app.process;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A bare RESP2 connection to a port of this machine, written for the tests alone so that it shares no mistake with the
 * product. A reply is a String, a Long, a List, an {@link Err} or null. For one thread.
 */
final class Resp implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration REPLY = Duration.ofSeconds(15);

  /** An error reply. */
  record Err(String text) {}

  private final Socket socket = new Socket();
  private final InputStream in;
  private final OutputStream out;

  Resp(int port) throws IOException {
    try {
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) CONNECT.toMillis());
      timeout(REPLY);
      in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
      out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
    } catch (IOException e) {
      socket.close();
      throw new IOException("port " + port + ": " + e.getMessage(), e);
    }
  }

  /** Asks one thing on a connection of its own. */
  static @Nullable Object ask(int port, String... words) {
    try (var connection = new Resp(port)) {
      return connection.call(words);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks one thing whose answer is a text; an error reply fails the test. */
  static String text(int port, String... words) {
    Object reply = ask(port, words);
    if (reply instanceof String text) {
      return text;
    }
    throw new AssertionError(String.join(" ", words) + " at port " + port + " gave " + reply);
  }

  static boolean answersPing(int port) {
    try {
      return "PONG".equals(ask(port, "PING"));
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  void timeout(Duration bound) throws IOException {
    socket.setSoTimeout((int) bound.toMillis());
  }

  @Nullable
  Object call(String... words) throws IOException {
    send(words);
    flush();
    return read();
  }

  void send(String... words) throws IOException {
    var line = new StringBuilder().append('*').append(words.length).append("\r\n");
    for (String word : words) {
      line.append('$').append(word.getBytes(StandardCharsets.UTF_8).length).append("\r\n").append(word)
          .append("\r\n");
    }
    out.write(line.toString().getBytes(StandardCharsets.UTF_8));
  }

  void flush() throws IOException {
    out.flush();
  }

  @Nullable
  Object read() throws IOException {
    String line = line();
    String rest = line.substring(1);
    return switch (line.charAt(0)) {
      case '+' -> rest;
      case '-' -> new Err(rest);
      case ':' -> Long.parseLong(rest);
      case '$' -> bulk(Integer.parseInt(rest));
      case '*' -> array(Integer.parseInt(rest));
      default -> throw new IOException("not a reply: " + line);
    };
  }

  private @Nullable String bulk(int length) throws IOException {
    if (length < 0) {
      return null;
    }
    byte[] bytes = in.readNBytes(length + 2);
    if (bytes.length < length + 2) {
      throw new EOFException("closed within a reply");
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private @Nullable List<@Nullable Object> array(int length) throws IOException {
    if (length < 0) {
      return null;
    }
    var items = new ArrayList<@Nullable Object>();
    for (int i = 0; i < length; i++) {
      items.add(read());
    }
    return items;
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\r'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the server closed the connection");
      }
      line.append((char) c);
    }
    in.read();
    if (line.isEmpty()) {
      throw new IOException("an empty line is no reply");
    }
    return line.toString();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
