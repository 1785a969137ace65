package dss.core.command;

import static dss.core.command.RowText.row;

/** Rows of commands on strings. */
final class StringRows {
  private static final String EXPIRE_OPTIONS = "[EX seconds | PX milliseconds | EXAT unix-time-seconds"
      + " | PXAT unix-time-milliseconds";
  private static final String OF_KEYS = "O(N) where N is the number of keys.";

  private StringRows() {}

  static void addTo(CommandTable.TableBuilder table) {
    addPlain(table);
    addMany(table);
    addCounters(table);
    addSeed(table);
  }

  private static RowText string(String name, int arity, String flags) {
    return row(name, arity, "string").flags(flags).categories("string");
  }

  private static void addPlain(CommandTable.TableBuilder table) {
    string("set", -3, "write denyoom").key("RW access update variable_flags")
        .syntax("key value [NX | XX | IFEQ comparison-value] [GET] " + EXPIRE_OPTIONS + " | KEEPTTL]")
        .addTo(table, "1.0.0",
            "Sets the string value of a key, ignoring its type. The key is created if it doesn't exist.");
    string("get", 2, "readonly fast").key("RO access").syntax("key")
        .addTo(table, "1.0.0", "Returns the string value of a key.");
    string("getset", 3, "write denyoom fast").key("RW access update").syntax("key value")
        .addTo(table, "1.0.0", "Returns the previous string value of a key after setting it to a new value.");
    string("getdel", 2, "write fast").key("RW access delete").syntax("key")
        .addTo(table, "6.2.0", "Returns the string value of a key after deleting the key.");
    string("getex", -2, "write fast").key("RW access update").syntax("key " + EXPIRE_OPTIONS + " | PERSIST]")
        .addTo(table, "6.2.0", "Returns the string value of a key after setting its expiration time.");
    string("setnx", 3, "write denyoom fast").key("OW insert").syntax("key value")
        .addTo(table, "1.0.0", "Set the string value of a key only when the key doesn't exist.");
    string("strlen", 2, "readonly fast").key("RO").syntax("key")
        .addTo(table, "2.2.0", "Returns the length of a string value.");
    string("append", 3, "write denyoom fast").key("RW insert").syntax("key value")
        .complexity("O(N) where N is the length of the new value.")
        .addTo(table, "2.0.0",
            "Appends a string to the value of a key. Creates the key if it doesn't exist.");
  }

  private static void addMany(CommandTable.TableBuilder table) {
    string("mget", -2, "readonly fast").keys(1, -1, 1, "RO access").syntax("key [key ...]")
        .complexity(OF_KEYS)
        .tips("request_policy:multi_shard")
        .addTo(table, "1.0.0", "Atomically returns the string values of one or more keys.");
    string("mset", -3, "write denyoom").keys(1, -1, 2, "OW update").syntax("key value [key value ...]")
        .complexity(OF_KEYS).tips("request_policy:multi_shard response_policy:all_succeeded")
        .addTo(table, "1.0.1", "Atomically creates or modifies the string values of one or more keys.");
  }

  private static void addCounters(CommandTable.TableBuilder table) {
    string("incr", 2, "write denyoom fast").key("RW access update").syntax("key")
        .addTo(table, "1.0.0",
            "Increments the integer value of a key by one. Uses 0 as initial value if the key doesn't exist.");
    string("decr", 2, "write denyoom fast").key("RW access update").syntax("key")
        .addTo(table, "1.0.0",
            "Decrements the integer value of a key by one. Uses 0 as initial value if the key doesn't exist.");
    string("incrby", 3, "write denyoom fast").key("RW access update").syntax("key increment")
        .addTo(table, "1.0.0",
            "Increments the integer value of a key by a number. Uses 0 as initial value if the key doesn't exist.");
    string("decrby", 3, "write denyoom fast").key("RW access update").syntax("key decrement")
        .addTo(table, "1.0.0",
            "Decrements a number from the integer value of a key. Uses 0 as initial value if the key doesn't exist.");
  }

  private static void addSeed(CommandTable.TableBuilder table) {
    string("put", 3, "write denyoom fast").key("RW update").syntax("key value")
        .addTo(table, "DSS 0.1", "Sets the string value of a key and tells whether the key is new.");
    string("delete", 2, "write fast").key("RM delete").syntax("key")
        .addTo(table, "DSS 0.1", "Deletes a key and tells whether there was one.");
  }
}
