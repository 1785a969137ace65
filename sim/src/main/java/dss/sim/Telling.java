package dss.sim;

import dss.protocol.Bytes;
import dss.protocol.Slots;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A run for a person who has to find what went wrong: what struck it, and the lines before the violation that say
 * something of the shard and the key it is about.
 */
final class Telling {
  private static final int LINES = 200;
  private static final int PULSES = 30;
  private static final Pattern HISTORY = Pattern.compile("the history of (?:writes to )?(\\S+) is not.*");
  private static final Pattern SHARD = Pattern.compile("(?:shard|entry) (\\d+)\\b");
  private static final Pattern NAME = Pattern.compile("(#a?\\d+)$");

  private final Simulation.Outcome outcome;
  private final Cluster cluster;
  private final List<TraceLine> trace;
  /** What the violation is about. */
  private final int shard;
  private final @Nullable String key;

  Telling(Simulation.Outcome outcome, Cluster cluster) {
    this.outcome = outcome;
    this.cluster = cluster;
    this.trace = cluster.trace.lines();
    String violation = outcome.violation() == null ? "" : outcome.violation();
    Matcher history = HISTORY.matcher(violation);
    Matcher named = SHARD.matcher(violation);
    key = history.matches() ? history.group(1) : null;
    shard = key != null ? shardOf(key) : named.find() ? Integer.parseInt(named.group(1)) : Trace.NONE;
  }

  Simulation.Outcome outcome() {
    return outcome;
  }

  /** When clients learned something of any key: another one than that of the violation may have been wrong before. */
  List<Long> answers() {
    return cluster.history.answers();
  }

  private int shardOf(String ofKey) {
    return cluster.ecs.state().shardOf(Slots.of(Bytes.utf8(ofKey)));
  }

  /** What went wrong, in order, each with all that came of it. */
  List<String> strikes() {
    var struck = new LinkedHashMap<String, StringBuilder>();
    for (TraceLine line : trace) {
      Matcher name = NAME.matcher(line.toString());
      if (line.rank() == TraceLine.Rank.CLUSTER && name.find()) {
        String text = line.toString().substring(0, name.start()).stripTrailing();
        var so = struck.get(name.group(1));
        if (so == null) {
          struck.put(name.group(1), new StringBuilder(text));
        } else {
          so.append("\n       ").append(text);
        }
      }
    }
    return struck.entrySet().stream().map(e -> String.format("  %-5s%s", e.getKey(), e.getValue()))
        .flatMap(String::lines).toList();
  }

  /** At most 200 lines: of what there are too many, the last ones. */
  List<String> lines() {
    List<String> end = new ArrayList<>();
    if (key != null) {
      end.add("the operations of " + key + ", as far as an order goes:");
      end.addAll(Linearizability.explain(cluster.history.of(key)));
    }
    List<TraceLine> told = told();
    List<TraceLine> chosen = chosen(told, pulses(), LINES - 2 - Math.min(end.size(), LINES / 3));
    var lines = new ArrayList<String>();
    lines.add(about(told.size() - chosen.size()));
    chosen.forEach(line -> lines.add(line.toString()));
    lines.addAll(end.subList(0, Math.min(end.size(), LINES - lines.size())));
    return lines;
  }

  private String about(int leftOut) {
    var about = new StringBuilder("trace" + (shard == Trace.NONE ? "" : " of shard " + shard)
        + (key == null ? "" : " and " + key) + "; " + leftOut + " earlier or lesser lines are left out;");
    for (SimServer server : cluster.servers) {
      about.append(" s").append(server.index).append(" is server ").append(cluster.ecs.numberOf(server));
    }
    return about.toString();
  }

  private List<TraceLine> told() {
    var words = new MessageWords(shard);
    var told = new ArrayList<TraceLine>();
    for (TraceLine line : trace) {
      if (line.detail() instanceof Trace.Received received) {
        TraceLine message = words.line(line, received);
        if (message != null) {
          told.add(message);
        }
      } else if (line.detail() instanceof Trace.Fares fares) {
        if (fares.op().key.equals(key)) {
          told.add(line);
        }
      } else if (isAbout(line)) {
        told.add(line);
      }
    }
    if (shard != Trace.NONE) {
      cluster.history.keys().stream().filter(k -> key == null ? shardOf(k) == shard : k.equals(key))
          .forEach(k -> cluster.history.of(k).forEach(op -> tell(op, told)));
    }
    // Lines of one instant stay in their order, what clients see comes behind.
    told.sort(Comparator.comparingLong(TraceLine::micros)
        .thenComparing(line -> line.what().equals(Cluster.VIOLATION)));
    return told;
  }

  private boolean isAbout(TraceLine line) {
    if (shard == Trace.NONE || line.shard() == shard) {
      return true;
    }
    String detail = line.detail().toString();
    return line.shard() == Trace.NONE
        && (!detail.contains("changes=[") || detail.contains("shard=" + shard + ","));
  }

  /** Clients' part: all they ask of the key that the violation is about, of others of the shard what was answered. */
  private void tell(Op op, List<TraceLine> into) {
    if (op.kind == Op.Kind.EXPIRED) {
      return;
    }
    if (key != null) {
      into.add(line(op.invoked, TraceLine.Rank.SERVICE, "asks    " + op.words()));
    }
    if (op.known() && op.returned <= cluster.scheduler.now()) {
      into.add(line(op.returned, key == null ? TraceLine.Rank.COPY : TraceLine.Rank.SERVICE,
          "is told " + op.words()
              + " -> " + op.reply + (op.answeredBy < 0 ? "" : " by s" + op.answeredBy)));
    }
  }

  private TraceLine line(long micros, TraceLine.Rank rank, String what) {
    return new TraceLine(micros, rank, shard, "client", Trace.NONE, what);
  }

  /** Leases matter where somebody read. */
  private int pulses() {
    return key != null || String.valueOf(outcome.violation()).contains("could read") ? PULSES : 0;
  }

  /** The latest of each rank; the ranks before take no more than half of the room that is left. */
  private static List<TraceLine> chosen(List<TraceLine> told, int pulses, int most) {
    Map<TraceLine.Rank, Integer> share = new EnumMap<>(TraceLine.Rank.class);
    int left = most;
    for (TraceLine.Rank rank : TraceLine.Rank.values()) {
      int there = (int) told.stream().filter(line -> line.rank() == rank).count();
      int mine = Math.min(there, rank == TraceLine.Rank.PULSE ? Math.min(left, pulses) : left / 2);
      share.put(rank, mine);
      left -= mine;
    }
    var chosen = new ArrayList<TraceLine>();
    for (TraceLine line : told.reversed()) {
      int free = share.getOrDefault(line.rank(), 0);
      if (free > 0 || left > 0 && line.rank() != TraceLine.Rank.PULSE) {
        share.put(line.rank(), Math.max(0, free - 1));
        left -= free > 0 ? 0 : 1;
        chosen.add(line);
      }
    }
    return chosen.reversed();
  }
}
