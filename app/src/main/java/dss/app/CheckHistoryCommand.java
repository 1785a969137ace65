package dss.app;

import dss.sim.HistoryCheck;
import dss.sim.HistoryFile;
import dss.sim.Linearizability;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "check-history", mixinStandardHelpOptions = true, usageHelpWidth = 100, description = "Whether a recorded history is linearizable: whether each key's operations fit one order that a single machine could have done them in.", footer = {
    "", "FILE has a JSON object a line, one operation each, in any order. Keys are absent at first.",
    "  client   any name; a client may have several operations at once",
    "  op       SET, GET, INCR, APPEND, DEL, SETNX or SET_IF (args: the value, the one expected)",
    "  invoke, return   integers of one monotonic clock, in any unit",
    "  result   a string, an integer, or null for an absent key and a SET_IF that was not done",
    "Where nobody knows whether it happened, return and result are left out;",
    "where it is known not to have happened, so is the line.", "",
    "Prints 'OK operations N keys K unknown U', or 'VIOLATION key KEY' and what is around it (exit status 1).",
    "",
    "Example:  dss check-history history.jsonl, of lines like",
    "{\"client\":\"c1\",\"op\":\"SET\",\"key\":\"k\",\"args\":[\"v\"],\"invoke\":1,\"return\":5,\"result\":\"OK\"}",
    "{\"client\":\"c2\",\"op\":\"GET\",\"key\":\"k\",\"invoke\":3,\"return\":7,\"result\":null}",
    "{\"client\":\"c1\",\"op\":\"INCR\",\"key\":\"n\",\"invoke\":6}"})
final class CheckHistoryCommand implements Callable<Integer> {
  private final PrintStream out;

  @Parameters(paramLabel = "FILE", description = "the history")
  @SuppressWarnings("NullAway.Init")
  Path file;

  CheckHistoryCommand() {
    this(System.out);
  }

  CheckHistoryCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() throws CommandFailed, IOException {
    HistoryCheck check = check();
    if (check.operations() == 0) {
      throw new CommandFailed(Exit.REFUSED, file + " has no operations: nothing was checked");
    }
    for (HistoryCheck.Violation violation : check.violations()) {
      out.println("VIOLATION key " + violation.key());
      violation.lines().forEach(out::println);
    }
    if (!check.violations().isEmpty()) {
      return Exit.REFUSED;
    }
    out.println(
        "OK operations " + check.operations() + " keys " + check.keys() + " unknown " + check.unknown());
    return Exit.DONE;
  }

  /** A search that outgrows the heap is the history's doing, no bug: it ends the command in a sentence. */
  private HistoryCheck check() throws CommandFailed, IOException {
    try {
      return HistoryCheck.of(HistoryFile.read(file));
    } catch (Linearizability.UndecidedException e) {
      throw new CommandFailed(Exit.REFUSED, "UNDECIDED " + file + ": " + e.getMessage());
    } catch (OutOfMemoryError e) {
      throw new CommandFailed(Exit.REFUSED, "looking for an order of " + file + " needs more than the "
          + (Runtime.getRuntime().maxMemory() >> 20)
          + " MB of memory there are: set DSS_JAVA_OPTS=-Xmx8g or so, or record fewer operations a key");
    }
  }
}
