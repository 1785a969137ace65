package dss.server;

import dss.core.command.CommandReplies;
import dss.core.command.CommandSpec;
import dss.core.command.CommandTable;
import dss.protocol.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** COMMAND, and what follows from the table alone: HELP of those that have subcommands. */
final class TableCommands {
  private TableCommands() {}

  static void addTo(Map<String, PlainCommand> commands, CommandTable table) {
    var replies = new CommandReplies(table);
    commands.put("command", (request, ticket) -> ticket.answer(replies.command(request)));
    for (CommandSpec sub : table.subcommands(table.get("command"))) {
      commands.put(sub.name(), (request, ticket) -> ticket.answer(replies.command(request)));
    }
    for (String name : List.of("client", "config", "cluster")) {
      Reply help = help(table, table.get(name));
      commands.put(name + "|help", (request, ticket) -> ticket.answer(help));
    }
  }

  private static Reply help(CommandTable table, CommandSpec spec) {
    var lines = new ArrayList<Reply>();
    lines.add(new Reply.Simple(spec.name().toUpperCase(Locale.ROOT)
        + " <subcommand> [<arg> [value] [opt] ...]. Subcommands are:"));
    for (CommandSpec sub : table.subcommands(spec)) {
      lines.add(new Reply.Simple(sub.name().substring(spec.name().length() + 1).toUpperCase(Locale.ROOT)));
      lines.add(new Reply.Simple("    " + sub.summary()));
    }
    return new Reply.Array(lines);
  }
}
