package dss.core.command;

import static dss.core.command.RowText.row;

/** Rows of commands about the connection itself. */
final class ConnectionRows {
  private static final String ALWAYS = "noscript loading stale fast no_auth allow_busy";

  private ConnectionRows() {}

  static void addTo(CommandTable.TableBuilder table) {
    addGreetings(table);
    connection("client", -2, "").syntax("subcommand [argument [argument ...]]")
        .complexity("Depends on subcommand.")
        .categories("").subcommands(client())
        .addTo(table, "2.4.0", "A container for client connection commands.");
    row("readonly", 1, "cluster").flags("loading stale fast").categories("connection")
        .addTo(table, "3.0.0", "Accepted; backups answer MOVED all the same.");
    row("readwrite", 1, "cluster").flags("loading stale fast").categories("connection")
        .addTo(table, "3.0.0", "Undoes READONLY.");
    row("asking", 1, "cluster").flags("fast").categories("connection")
        .addTo(table, "3.0.0", "Accepted; there are no ASK redirects here.");
  }

  private static RowText connection(String name, int arity, String flags) {
    return row(name, arity, "connection").flags(flags).categories("connection");
  }

  private static void addGreetings(CommandTable.TableBuilder table) {
    connection("ping", -1, "fast").syntax("[message]")
        .tips("request_policy:all_shards response_policy:all_succeeded")
        .addTo(table, "1.0.0", "Returns the server's liveliness response.");
    connection("echo", 2, "loading stale fast").syntax("message").addTo(table, "1.0.0",
        "Returns the given string.");
    connection("hello", -1, ALWAYS).syntax("[protover [AUTH username password] [SETNAME clientname]]")
        .addTo(table, "6.0.0", "Handshakes with the Redis server.");
    connection("quit", -1, ALWAYS).addTo(table, "1.0.0", "Closes the connection.");
    connection("reset", 1, ALWAYS).addTo(table, "6.2.0", "Resets the connection.");
    connection("select", 2, "loading stale fast").syntax("index")
        .addTo(table, "1.0.0", "Changes the selected database.");
    connection("auth", -2, ALWAYS).syntax("[username] password")
        .complexity("O(N) where N is the number of passwords defined for the user")
        .addTo(table, "1.0.0", "Authenticates the connection.");
  }

  private static CommandSpec[] client() {
    return new CommandSpec[]{client("getname", 2, "2.6.9", "Returns the name of the connection."),
        client("help", 2, "5.0.0", "Returns helpful text about the different subcommands."),
        client("id", 2, "5.0.0", "Returns the unique client ID of the connection."),
        client("info", 2, "6.2.0", "Returns information about the connection."),
        row("client|kill", -3, "connection").flags("admin noscript loading stale").categories("connection")
            .spec("2.4.0", "Terminates open connections."),
        row("client|list", -2, "connection").flags("admin noscript loading stale").categories("connection")
            .spec("2.4.0", "Lists open connections."),
        row("client|no-evict", 3, "connection").flags("admin noscript loading stale").categories("connection")
            .spec("7.0.0", "Sets the client eviction mode of the connection."),
        client("no-touch", 3, "7.2.0",
            "Controls whether commands sent by the client affect the LRU/LFU of accessed keys."),
        client("reply", 3, "3.2.0", "Instructs the server whether to reply to commands."),
        client("setinfo", 4, "7.2.0", "Sets information specific to the client or connection."),
        client("setname", 3, "2.6.9", "Sets the connection name.")};
  }

  private static CommandSpec client(String name, int arity, String since, String summary) {
    return row("client|" + name, arity, "connection").flags("noscript loading stale").categories("connection")
        .spec(since, summary);
  }
}
