package dss.app.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** RESP ports that are free together with the ports that follow from them; each is given out once in a run. */
final class FreePorts {
  // With what is added to them, all of these lie below the ports that Linux gives to outgoing connections.
  private static final int FIRST = 11_000;
  private static final int COUNT = 1_700;
  private static final int PEER = 10_000;
  private static final int CONSENSUS = 20_000;

  private static int given = (int) (ProcessHandle.current().pid() * 97 % COUNT);
  private static int left = COUNT;

  private FreePorts() {}

  /** A port P such that P, P + 10000 and P + 20000 are free. */
  static synchronized int next() {
    while (left-- > 0) {
      int port = FIRST + given++ % COUNT;
      if (isFree(port) && isFree(port + PEER) && isFree(port + CONSENSUS)) {
        return port;
      }
    }
    throw new IllegalStateException("no free port from " + FIRST + " on");
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
