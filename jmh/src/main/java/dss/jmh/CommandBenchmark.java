package dss.jmh;

import dss.core.command.Checked;
import dss.core.command.Command;
import dss.core.command.CommandCheck;
import dss.core.command.CommandTable;
import dss.core.command.Commands;
import dss.core.command.Evaluation;
import dss.core.command.View;
import dss.core.entry.Effect;
import dss.core.entry.Entry;
import dss.core.entry.EntryWriter;
import dss.core.storage.Value;
import dss.protocol.Request;
import dss.protocol.RespLimits;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** From a request to its reply and its entry, without a store: judged and routed, evaluated, encoded. */
@State(Scope.Thread)
public class CommandBenchmark extends Timed {
  private static final int KEYS = 4096;
  private static final long NOW_MS = 1_800_000_000_000L;

  private final CommandCheck check = new CommandCheck(CommandTable.standard());
  private final Commands commands = Commands.standard(RespLimits.VALUE_BYTES);
  private final Request[] sets = Words.sets(KEYS).toArray(Request[]::new);
  private final Request[] gets = Words.gets(KEYS).toArray(Request[]::new);
  private final Command set = (Command) check.check(sets[0]);
  private final Command get = (Command) check.check(gets[0]);
  private final Value stored = new Value(Effect.STRING, 1, 1, Effect.NEVER, Words.VALUE);
  private final View view = key -> stored;
  private final EntryWriter writer = new EntryWriter();
  private final Evaluation evaluated = commands.evaluate(set, view, NOW_MS);
  private int next;
  private long seq;

  private Request next(Request[] requests) {
    return requests[next++ & (KEYS - 1)];
  }

  /** The command table, arity, keys, and the slot of the key. */
  @Benchmark
  public Checked routeSet() {
    return check.check(next(sets));
  }

  @Benchmark
  public Checked routeGet() {
    return check.check(next(gets));
  }

  @Benchmark
  public Evaluation evaluateSet() {
    return commands.evaluate(set, view, NOW_MS);
  }

  @Benchmark
  public Evaluation evaluateGet() {
    return commands.evaluate(get, view, NOW_MS);
  }

  @Benchmark
  public Entry encodeEntry() {
    seq++;
    return writer.write(Entry.COMMAND, 1, 1, seq, seq, null, evaluated.effects());
  }
}
