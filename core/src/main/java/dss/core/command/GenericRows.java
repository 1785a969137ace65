package dss.core.command;

import static dss.core.command.RowText.row;

/** Rows of commands on keys of any type. */
final class GenericRows {
  private static final String CONDITIONS = " [NX | XX | GT | LT]";
  private static final String OF_KEYS = "O(N) where N is the number of keys.";
  private static final String SUM_OF_SHARDS = "request_policy:multi_shard response_policy:agg_sum";

  private GenericRows() {}

  static void addTo(CommandTable.TableBuilder table) {
    addKeys(table);
    addExpiry(table);
    row("wait", 3, "generic").flags("noscript").categories("connection").syntax("numreplicas timeout")
        .tips("request_policy:all_shards response_policy:agg_min")
        .addTo(table, "3.0.0",
            "Returns the number of backups in sync; a write is on all of them before it is acknowledged.");
    row("dss.once", -5, "generic").flags("write denyoom movablekeys")
        .syntax("client-id request-seq command [argument [argument ...]]")
        .complexity("That of the command inside.")
        .addTo(table, "DSS 0.1", "Executes a keyed command at most once for a request of a client.");
  }

  private static RowText generic(String name, int arity, String flags) {
    return row(name, arity, "generic").flags(flags).categories("keyspace");
  }

  private static void addKeys(CommandTable.TableBuilder table) {
    generic("del", -2, "write").keys(1, -1, 1, "RM delete").syntax("key [key ...]").complexity(OF_KEYS)
        .tips(SUM_OF_SHARDS).addTo(table, "1.0.0", "Deletes one or more keys.");
    generic("unlink", -2, "write fast").keys(1, -1, 1, "RM delete").syntax("key [key ...]")
        .complexity(OF_KEYS)
        .tips(SUM_OF_SHARDS).addTo(table, "4.0.0", "Asynchronously deletes one or more keys.");
    generic("exists", -2, "readonly fast").keys(1, -1, 1, "RO").syntax("key [key ...]").complexity(OF_KEYS)
        .tips(SUM_OF_SHARDS).addTo(table, "1.0.0", "Determines whether one or more keys exist.");
    generic("type", 2, "readonly fast").key("RO").syntax("key")
        .addTo(table, "1.0.0", "Determines the type of value stored at a key.");
  }

  private static void addExpiry(CommandTable.TableBuilder table) {
    generic("expire", -3, "write fast").key("RW update").syntax("key seconds" + CONDITIONS)
        .addTo(table, "1.0.0", "Sets the expiration time of a key in seconds.");
    generic("pexpire", -3, "write fast").key("RW update").syntax("key milliseconds" + CONDITIONS)
        .addTo(table, "2.6.0", "Sets the expiration time of a key in milliseconds.");
    generic("expireat", -3, "write fast").key("RW update").syntax("key unix-time-seconds" + CONDITIONS)
        .addTo(table, "1.2.0", "Sets the expiration time of a key to a Unix timestamp.");
    generic("pexpireat", -3, "write fast").key("RW update").syntax("key unix-time-milliseconds" + CONDITIONS)
        .addTo(table, "2.6.0", "Sets the expiration time of a key to a Unix milliseconds timestamp.");
    generic("ttl", 2, "readonly fast").key("RO access").syntax("key").tips("nondeterministic_output")
        .addTo(table, "1.0.0", "Returns the expiration time in seconds of a key.");
    generic("pttl", 2, "readonly fast").key("RO access").syntax("key").tips("nondeterministic_output")
        .addTo(table, "2.6.0", "Returns the expiration time in milliseconds of a key.");
    generic("persist", 2, "write fast").key("RW update").syntax("key")
        .addTo(table, "2.2.0", "Removes the expiration time of a key.");
  }
}
