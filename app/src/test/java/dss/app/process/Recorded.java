package dss.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import dss.sim.HistoryCheck;
import dss.sim.HistoryFile;
import dss.sim.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What all clients of a test did to the keys they share, for {@code dss check-history}: times are
 * {@code System.nanoTime()} of this JVM. Safe for threads.
 */
final class Recorded {
  private static final Path HISTORIES = Path.of("target", "histories");

  private final Path file;
  private final Collection<Call> calls = new ConcurrentLinkedQueue<>();

  /** @param test the file's name, without an ending */
  Recorded(String test) {
    file = HISTORIES.resolve(test + ".jsonl");
  }

  /** One operation; until its outcome is told its fate is unknown. */
  final class Call {
    private volatile Operation operation;

    private Call(Operation operation) {
      this.operation = operation;
    }

    /** To be called at once when the client has returned. */
    void ended(Outcome outcome) {
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
  Call begin(String client, String op, String key, List<String> args) {
    var call = new Call(
        new Operation(client, op, key, args, System.nanoTime(), Operation.UNKNOWN, null));
    calls.add(call);
    return call;
  }

  /** Writes what there is so far; the file, from now on. */
  Path write() {
    try {
      Files.createDirectories(HISTORIES);
      HistoryFile.write(file, calls.stream().map(call -> call.operation).toList());
      return file.toAbsolutePath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes it, and checks the file as {@code dss check-history} does. */
  HistoryCheck assertLinearizable() {
    try {
      long begin = System.nanoTime();
      HistoryCheck check = HistoryCheck.of(HistoryFile.read(write()));
      System.out.println("history " + file + ": operations " + check.operations() + " keys " + check.keys()
          + " unknown " + check.unknown() + ", checked in " + (System.nanoTime() - begin) / 1_000_000
          + " ms");
      assertThat(check.violations()).as("violations in %s", file).isEmpty();
      return check;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
