package dss.app.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests for shared keys that are sent to a paused server when others have taken over from it, and that it finds when
 * it runs again: a read from it or a write by it now would be one of a server that has lost its keys. For one thread.
 */
final class LateRequests {
  private static final String CLIENT = "late";

  private final Recorded recorded;
  private final Resp connection;
  private final List<Recorded.Call> calls = new ArrayList<>();

  private LateRequests(Recorded recorded, Resp connection) {
    this.recorded = recorded;
    this.connection = connection;
  }

  /** All in one pipeline: each key is read, then each is deleted. */
  static LateRequests send(Recorded recorded, Node paused, List<String> keys) {
    try {
      var late = new LateRequests(recorded, new Resp(paused.port()));
      for (String op : List.of("GET", "DEL")) {
        for (String key : keys) {
          late.send(op, key);
        }
      }
      late.connection.flush();
      return late;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void send(String op, String key) throws IOException {
    calls.add(recorded.begin(CLIENT, op, key, List.of()));
    connection.send(op, key);
  }

  /** Takes the answers, when the server runs again. */
  void end() {
    try (connection) {
      for (Recorded.Call call : calls) {
        Object reply = connection.read();
        call.ended(reply instanceof Resp.Err error
            ? Outcome.ofError(error.text())
            : new Outcome.Answered(reply));
      }
    } catch (IOException e) {
      System.out.println("late requests end: " + e);
    }
  }
}
