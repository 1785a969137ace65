package dss.drill;

import dss.sim.HistoryFile;
import dss.sim.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What all clients of a load did to the keys they share, for {@code dss check-history}: times are
 * {@code System.nanoTime()} of this JVM. Safe for threads.
 */
public final class Recorded {
  private final Collection<Call> calls = new ConcurrentLinkedQueue<>();

  /** One operation; until its outcome is told its fate is unknown. */
  public final class Call {
    private volatile Operation operation;

    private Call(Operation operation) {
      this.operation = operation;
    }

    /** To be called at once when the client has returned. */
    public void ended(Outcome outcome) {
      Operation begun = operation;
      switch (outcome) {
        case Outcome.Answered answered -> operation = new Operation(begun.client(), begun.op(), begun.key(),
            begun.args(), begun.invoke(), System.nanoTime(), answered.reply());
        case Outcome.NotDone not -> calls.remove(this);
        case Outcome.Unknown unknown -> {
        }
      }
    }
  }

  /** To be called just before the client is. Names and args are those of {@link Operation}. */
  public Call begin(String client, String op, String key, List<String> args) {
    var call = new Call(new Operation(client, op, key, args, System.nanoTime(), Operation.UNKNOWN, null));
    calls.add(call);
    return call;
  }

  /** What there is so far. */
  public List<Operation> operations() {
    return calls.stream().map(call -> call.operation).toList();
  }

  /** Writes what there is so far, instead of what the file holds. */
  public void write(Path file) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    HistoryFile.write(file, operations());
  }
}
