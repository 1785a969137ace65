package dss.core.command;

import static dss.core.command.RowText.row;

/** Rows of commands about the server and the cluster. */
final class ServerRows {
  private static final String SUBCOMMAND = "subcommand [argument [argument ...]]";
  private static final String DEPENDS = "Depends on subcommand.";

  private ServerRows() {}

  static void addTo(CommandTable.TableBuilder table) {
    row("command", -1, "server").flags("loading stale").categories("connection")
        .syntax("[" + SUBCOMMAND + "]")
        .complexity("O(N) where N is the total number of commands").tips("nondeterministic_output_order")
        .subcommands(command()).addTo(table, "2.8.13", "Returns detailed information about all commands.");
    row("config", -2, "server").syntax(SUBCOMMAND).complexity(DEPENDS).subcommands(config())
        .addTo(table, "2.0.0", "A container for server configuration commands.");
    row("info", -1, "server").flags("loading stale").categories("dangerous").syntax("[section [section ...]]")
        .tips("nondeterministic_output request_policy:all_shards response_policy:special")
        .addTo(table, "1.0.0", "Returns information and statistics about the server.");
    row("dbsize", 1, "server").flags("readonly fast").categories("keyspace")
        .tips("request_policy:all_shards response_policy:agg_sum")
        .addTo(table, "1.0.0", "Returns the number of keys in the database.");
    row("flushall", -1, "server").flags("write").categories("keyspace dangerous").syntax("[ASYNC | SYNC]")
        .complexity("O(N) where N is the number of shards")
        .tips("request_policy:all_shards response_policy:all_succeeded")
        .addTo(table, "1.0.0", "Removes all keys from all databases.");
    row("cluster", -2, "cluster").syntax(SUBCOMMAND).complexity(DEPENDS).subcommands(cluster())
        .addTo(table, "3.0.0", "A container for Redis Cluster commands.");
    row("keyrange", 1, "cluster").flags("loading stale fast")
        .addTo(table, "DSS 0.1", "Returns the slot ranges and their primaries.");
    row("keyrange_read", 1, "cluster").flags("loading stale fast")
        .addTo(table, "DSS 0.1", "Returns the slot ranges and all their in-sync copies.");
  }

  private static CommandSpec[] command() {
    return new CommandSpec[]{command("count", 2, "2.8.13", "Returns a count of commands."),
        command("docs", -2, "7.0.0", "Returns documentary information about one, multiple or all commands."),
        command("getkeys", -3, "2.8.13", "Extracts the key names from an arbitrary command."),
        command("help", 2, "5.0.0", "Returns helpful text about the different subcommands."),
        command("info", -2, "2.8.13", "Returns information about one, multiple or all commands."),
        command("list", -2, "7.0.0", "Returns a list of command names.")};
  }

  private static CommandSpec command(String name, int arity, String since, String summary) {
    return row("command|" + name, arity, "server").flags("loading stale").categories("connection")
        .spec(since, summary);
  }

  private static CommandSpec[] config() {
    return new CommandSpec[]{config("get", -3, "Returns the effective values of configuration parameters."),
        row("config|help", 2, "server").flags("loading stale")
            .spec("5.0.0", "Returns helpful text about the different subcommands."),
        config("resetstat", 2, "Resets the server's statistics."),
        config("rewrite", 2, "Persists the effective configuration to file."),
        config("set", -4, "Sets configuration parameters in-flight.")};
  }

  private static CommandSpec config(String name, int arity, String summary) {
    return row("config|" + name, arity, "server").flags("admin noscript loading stale").spec("2.0.0",
        summary);
  }

  private static CommandSpec[] cluster() {
    return new CommandSpec[]{
        cluster("countkeysinslot", 3, "3.0.0", "Returns the number of keys in a hash slot."),
        cluster("getkeysinslot", 4, "3.0.0", "Returns the key names in a hash slot."),
        row("cluster|help", 2, "cluster").flags("loading stale")
            .spec("5.0.0", "Returns helpful text about the different subcommands."),
        cluster("info", 2, "3.0.0", "Returns information about the state of a node."),
        cluster("keyslot", 3, "3.0.0", "Returns the hash slot for a key."),
        cluster("links", 2, "7.0.0", "Returns a list of all TCP links to and from peer nodes."),
        cluster("myid", 2, "3.0.0", "Returns the ID of a node."),
        cluster("myshardid", 2, "7.2.0", "Returns the shard ID of a node."),
        cluster("nodes", 2, "3.0.0", "Returns the cluster configuration for a node."),
        cluster("replicas", 3, "5.0.0", "Lists the replica nodes of a master node."),
        cluster("shards", 2, "7.0.0", "Returns the mapping of cluster slots to shards."),
        cluster("slots", 2, "3.0.0", "Returns the mapping of cluster slots to nodes.")};
  }

  private static CommandSpec cluster(String name, int arity, String since, String summary) {
    return row("cluster|" + name, arity, "cluster").flags("loading stale").spec(since, summary);
  }
}
