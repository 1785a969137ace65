package dss.core.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A row of the command table: all that is known of a command besides what it does.
 *
 * @param name in lower case
 * @param arity words it takes, the name included; -n: at least n
 * @param flags as in COMMAND INFO: write, readonly, denyoom, fast, loading, stale ...
 * @param firstKey position of the first key, 0 for none
 * @param lastKey position of the last key; negative counts from the end
 * @param keyStep words from one key to the next
 * @param categories ACL categories, with their @
 * @param summary one sentence
 * @param group as in COMMAND DOCS: string, generic, connection, server, cluster
 * @param since the version of Redis that brought it, or DSS's own
 */
public record CommandSpec(String name, int arity, Set<String> flags, int firstKey, int lastKey, int keyStep,
    Set<String> categories, String summary, String group, String since) {
  public CommandSpec {
    flags = Set.copyOf(flags);
    categories = Set.copyOf(categories);
  }

  public boolean isWrite() {
    return flags.contains("write");
  }

  /** Whether keys decide where it runs. */
  public boolean isKeyed() {
    return firstKey > 0;
  }

  public boolean arityFits(int words) {
    return arity >= 0 ? words == arity : words >= -arity;
  }

  /** Positions of the keys in a request of so many words. */
  public List<Integer> keyPositions(int words) {
    var positions = new ArrayList<Integer>();
    if (firstKey > 0) {
      int last = lastKey >= 0 ? lastKey : words + lastKey;
      for (int i = firstKey; i <= last && i < words; i += keyStep) {
        positions.add(i);
      }
    }
    return positions;
  }
}
