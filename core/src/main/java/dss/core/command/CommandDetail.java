package dss.core.command;

import java.util.List;

/**
 * What COMMAND INFO and COMMAND DOCS tell of a command besides its row.
 *
 * @param syntax its words after the name, as in Redis' documentation
 * @param complexity how long it takes
 * @param keyFlags how it uses its keys, as in Redis' key specifications (RO, RW, OW, RM, access, update ...)
 * @param tips hints for clients: how to spread it over nodes and to join the answers
 * @param subcommands their rows, named command|subcommand
 */
record CommandDetail(String syntax, String complexity, List<String> keyFlags, List<String> tips,
    List<CommandSpec> subcommands) {
  static final CommandDetail NONE = new CommandDetail("", "O(1)", List.of(), List.of(), List.of());

  CommandDetail {
    keyFlags = List.copyOf(keyFlags);
    tips = List.copyOf(tips);
    subcommands = List.copyOf(subcommands);
  }
}
