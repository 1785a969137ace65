package dss.core.command;

import dss.protocol.Bytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All commands there are: the only place that knows their words, keys and flags. Immutable; safe for any thread. */
public final class CommandTable {
  private final Map<String, CommandSpec> rows;
  private final Map<String, CommandDetail> details;
  /** By the hash of the name, case apart, the next place where one is taken; at least half of it is empty. */
  private final @Nullable CommandSpec[] hashed;
  private final Bytes[] names;

  CommandTable(Map<String, CommandSpec> rows, Map<String, CommandDetail> details) {
    this.rows = Collections.unmodifiableMap(new LinkedHashMap<>(rows));
    this.details = Map.copyOf(details);
    int size = Integer.highestOneBit(rows.size()) * 4;
    this.hashed = new CommandSpec[size];
    this.names = new Bytes[size];
    rows.values().forEach(this::hash);
  }

  private void hash(CommandSpec spec) {
    Bytes name = Bytes.utf8(spec.name());
    int at = hash(name) & (hashed.length - 1);
    while (hashed[at] != null) {
      at = (at + 1) & (hashed.length - 1);
    }
    hashed[at] = spec;
    names[at] = name;
  }

  /** The table of a DSS server. */
  public static CommandTable standard() {
    var builder = new TableBuilder();
    ConnectionRows.addTo(builder);
    ServerRows.addTo(builder);
    StringRows.addTo(builder);
    GenericRows.addTo(builder);
    return builder.build();
  }

  /** The row of a command, whatever case its name is in; null: there is none. Allocates nothing. */
  public @Nullable CommandSpec find(Bytes name) {
    int at = hash(name) & (hashed.length - 1);
    for (CommandSpec spec = hashed[at]; spec != null; spec = hashed[at]) {
      if (equalsIgnoreCase(names[at], name)) {
        return spec;
      }
      at = (at + 1) & (hashed.length - 1);
    }
    return null;
  }

  /** The row of a command by its name in lower case; IllegalArgumentException where there is none. */
  public CommandSpec get(String name) {
    CommandSpec spec = rows.get(name);
    if (spec == null) {
      throw new IllegalArgumentException("no command " + name);
    }
    return spec;
  }

  /** All rows, in the order of the table. */
  public List<CommandSpec> all() {
    return new ArrayList<>(rows.values());
  }

  public int size() {
    return rows.size();
  }

  /** Rows of the subcommands, named as in "client|setname"; empty for a command without. */
  public List<CommandSpec> subcommands(CommandSpec spec) {
    return detail(spec).subcommands();
  }

  /** The row of a subcommand by its word in any case; null: there is none. */
  public @Nullable CommandSpec subcommand(CommandSpec spec, Bytes word) {
    int prefix = spec.name().length() + 1;
    for (CommandSpec sub : detail(spec).subcommands()) {
      if (sub.name().length() - prefix == word.length()
          && word.equalsIgnoreCase(upper(sub.name().substring(prefix)))) {
        return sub;
      }
    }
    return null;
  }

  CommandDetail detail(CommandSpec spec) {
    return details.getOrDefault(spec.name(), CommandDetail.NONE);
  }

  static String upper(String word) {
    return word.toUpperCase(java.util.Locale.ROOT);
  }

  private static int hash(Bytes name) {
    byte[] array = name.array();
    int from = name.arrayOffset();
    int to = from + name.length();
    int hash = name.length();
    for (int i = from; i < to; i++) {
      hash = 31 * hash + (array[i] | 0x20);
    }
    return hash ^ hash >>> 15;
  }

  private static boolean equalsIgnoreCase(Bytes lower, Bytes name) {
    if (lower.length() != name.length()) {
      return false;
    }
    for (int i = 0; i < lower.length(); i++) {
      int c = name.at(i);
      if (c >= 'A' && c <= 'Z') {
        c += 32;
      }
      if (c != lower.at(i)) {
        return false;
      }
    }
    return true;
  }

  /** Collects rows. */
  static final class TableBuilder {
    private final Map<String, CommandSpec> rows = new LinkedHashMap<>();
    private final Map<String, CommandDetail> details = new HashMap<>();

    void add(CommandSpec spec, CommandDetail detail) {
      if (rows.put(spec.name(), spec) != null) {
        throw new IllegalArgumentException("two rows for " + spec.name());
      }
      details.put(spec.name(), detail);
    }

    CommandTable build() {
      return new CommandTable(rows, details);
    }
  }
}
