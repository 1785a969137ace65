package dss.app;

import dss.core.cluster.Address;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Answers what an admin asks with the next of the replies it was given; the last one it gives for ever. */
final class ScriptedEcs implements AutoCloseable {
  /** In place of a reply: the connection ends. */
  static final String ENDS = "";
  private final ServerSocket port;
  private final Deque<String> replies = new ArrayDeque<>();
  private final List<String> asked = new ArrayList<>();

  ScriptedEcs(String... replies) throws IOException {
    this.replies.addAll(List.of(replies));
    port = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
  }

  static String bulk(String json) {
    return "$" + json.length() + "\r\n" + json;
  }

  Address address() {
    return new Address("127.0.0.1", port.getLocalPort());
  }

  synchronized List<String> asked() {
    return List.copyOf(asked);
  }

  private void serve() {
    while (!port.isClosed()) {
      try (Socket socket = port.accept()) {
        answer(socket);
      } catch (IOException e) {
        // The admin has left, or the test is over.
        continue;
      }
    }
  }

  private void answer(Socket socket) throws IOException {
    var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String reply = next(words(in, Integer.parseInt(line.substring(1))));
      if (reply.equals(ENDS)) {
        return;
      }
      socket.getOutputStream().write((reply + "\r\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String words(BufferedReader in, int count) throws IOException {
    var words = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      in.readLine();
      words.add(in.readLine());
    }
    return String.join(" ", words);
  }

  private synchronized String next(String request) {
    asked.add(request);
    return replies.size() > 1 ? replies.removeFirst() : replies.getFirst();
  }

  @Override
  public void close() {
    try {
      port.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
