package dss.drill;

import dss.core.cluster.Address;
import dss.protocol.Reply;
import dss.protocol.Request;
import dss.wire.ClientConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Requests for the clients' keys that are sent to a paused server when others have taken over from it, and that it finds
 * when it goes on: a read from it or a write by it now would be one of a server that has lost its keys. For one thread.
 */
public final class LateRequests implements AutoCloseable {
  private static final String CLIENT = "late";
  private static final Duration ANSWERS = Duration.ofSeconds(10);

  private final @Nullable ClientConnection connection;
  private final List<CompletableFuture<Void>> answers = new ArrayList<>();

  private LateRequests(@Nullable ClientConnection connection) {
    this.connection = connection;
  }

  /** All in one pipeline: each key is read, then each is deleted. */
  public static LateRequests send(Asking asking, Address paused, SharedKeys clients) {
    ClientConnection connection;
    try {
      connection = asking.connect(paused);
    } catch (IOException e) {
      // The kernel takes connections for a paused process; where its queue is full there is nothing to be late.
      return new LateRequests(null);
    }
    var late = new LateRequests(connection);
    Recorded recorded = clients.recorded();
    List<String> keys = clients.keys();
    for (String op : List.of("GET", "DEL")) {
      for (String key : keys) {
        Recorded.Call call = recorded.begin(CLIENT, op, key, List.of());
        late.answers.add(connection.send(Request.of(op, key)).thenAccept((Reply reply) -> call.ended(
            OwnOnce.answer(reply))));
      }
    }
    return late;
  }

  /** Waits for the answers, now that the server goes on; those that do not come are of unknown fate. */
  public void await() {
    try {
      Asking.wait(CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)), ANSWERS);
    } catch (IOException e) {
      // Each that was not answered is recorded as unknown already.
      return;
    }
  }

  @Override
  public void close() {
    if (connection != null) {
      connection.close();
    }
  }
}
