package dss.sim;

import dss.core.command.Checked;
import dss.core.command.Command;
import dss.core.command.CommandCheck;
import dss.core.command.CommandTable;
import dss.core.entry.RequestId;
import dss.protocol.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Operations as commands of DSS: in words, which are judged as those of any client are. */
final class Commanding {
  private static final CommandCheck CHECK = new CommandCheck(CommandTable.standard());

  private Commanding() {}

  static Command command(Op op, @Nullable RequestId id) {
    Command command = checked(words(op));
    return new Command(command.spec(), command.request(), command.slot(), command.keys(), id);
  }

  /** A read of a key that may lie in another slot: only its shard counts. */
  static Command get(int slot) {
    Command command = checked(List.of("GET", "k"));
    return new Command(command.spec(), command.request(), slot, command.keys(), null);
  }

  private static Command checked(List<String> words) {
    Checked checked = CHECK.check(Request.of(words.toArray(String[]::new)));
    if (!(checked instanceof Command command)) {
      throw new IllegalStateException(words + " is " + checked);
    }
    return command;
  }

  private static List<String> words(Op op) {
    return switch (op.kind) {
      case GET, DEL, INCR, PERSIST -> List.of(op.kind.name(), op.key);
      case SET, APPEND, SETNX -> List.of(op.kind.name(), op.key, op.argument);
      case SET_IF -> List.of("SET", op.key, op.argument, "IFEQ", op.expected);
      case SET_PX -> List.of("SET", op.key, op.argument, "PX", op.expected);
      case MSET -> {
        var words = new ArrayList<>(List.of("MSET"));
        members(op).forEach(member -> words.addAll(List.of(member, op.argument)));
        yield words;
      }
      case MGET -> Stream.concat(Stream.of("MGET"), members(op)).toList();
      case DEL_ALL -> Stream.concat(Stream.of("DEL"), members(op)).toList();
      case SET_ONE -> List.of("SET", op.key + op.expected, op.argument);
      case EXPIRED -> throw new IllegalArgumentException("nobody says " + op);
    };
  }

  private static Stream<String> members(Op op) {
    return IntStream.range(0, KeyModel.GROUP).mapToObj(i -> op.key + i);
  }
}
