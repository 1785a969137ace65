package dss.sim;

import dss.protocol.Reply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What happened in a run. The hash covers all of it: lines, messages as bytes, answers, what copies did. Lines are kept,
 * the last of them; the rest is kept only for a run that is to be read ({@link Telling}), and changes neither its course
 * nor its hash.
 */
final class Trace {
  static final int NONE = -2;
  private static final int LAST_LINES = 200;
  /** Of a run that never comes to its end. */
  private static final int LINES_AT_MOST = 2_000_000;

  /** A message between servers, at the time when its receiver looks at it. */
  record Received(int from, int to, byte[] bytes, long sent) {}

  /** What became of an operation on its way. */
  record Fares(Op op, String how) {
    @Override
    public String toString() {
      return op.words() + ": " + how;
    }
  }

  private final Scheduler scheduler;
  private final boolean whole;
  private final Collection<TraceLine> lines;
  /** When messages that are on their way were sent. */
  private final Map<byte[], Long> sent = new IdentityHashMap<>();
  private long hash = 1;

  Trace(Scheduler scheduler, boolean whole) {
    this.scheduler = scheduler;
    this.whole = whole;
    this.lines = whole ? new ArrayList<>() : new ArrayDeque<>();
  }

  /** Whether all is kept, for somebody to read. */
  boolean whole() {
    return whole;
  }

  /** How people call a server, or the ECS. */
  static String name(int endpoint) {
    return endpoint == Cluster.ECS ? "the ECS" : "s" + endpoint;
  }

  void line(String what, @Nullable SimServer server, String detail) {
    int index = server == null ? NONE : server.index;
    mix(what.hashCode());
    mix(index);
    mix(detail.hashCode());
    int shard = what.equals("row") ? Integer.parseInt(detail.substring(0, detail.indexOf(' '))) : NONE;
    keep(TraceLine.Rank.CLUSTER, shard, what, index, detail);
  }

  /** Something became of a copy; what of it is on the disk is said too. */
  void copy(String what, SimServer server, int shard, long seq, long durable, String more) {
    mix(what.hashCode());
    mix(server.index + 31L * shard);
    mix(seq + 31 * durable);
    if (whole) {
      keep(TraceLine.Rank.COPY, shard, what, server.index,
          "shard " + shard + " seq " + seq + ", on disk " + durable + (more.isEmpty() ? "" : ": " + more));
    }
  }

  void sent(byte[] message) {
    if (whole) {
      sent.put(message, scheduler.now());
    }
  }

  /** A server looks at a message. */
  void received(int from, int to, byte[] message, byte[] original) {
    mix(from + 31L * to);
    mix(Arrays.hashCode(message));
    if (whole) {
      keep(TraceLine.Rank.COPY, NONE, "hears", to,
          new Received(from, to, message.clone(), sent.getOrDefault(original, -1L)));
    }
  }

  /** A client has its answer. */
  void answered(Op op, Reply reply) {
    mix(op.client);
    mix(op.invoked);
    mix(reply.toString().hashCode());
  }

  /** For a reader only: it is no event. */
  void seen(TraceLine.Rank rank, int shard, String what, SimServer server, String detail) {
    keep(rank, shard, what, server.index, detail);
  }

  /** For a reader only: how a client's operation fares. */
  void fares(Op op, @Nullable SimServer server, String how) {
    if (whole) {
      keep(TraceLine.Rank.SERVICE, NONE, "client", server == null ? NONE : server.index, new Fares(op, how));
    }
  }

  private void mix(long part) {
    hash = (hash * 31 + part) * 0x9e3779b97f4a7c15L ^ scheduler.now();
  }

  private void keep(TraceLine.Rank rank, int shard, String what, int server, Object detail) {
    lines.add(new TraceLine(scheduler.now(), rank, shard, what, server, detail));
    if (lines instanceof ArrayDeque<TraceLine> last && last.size() > LAST_LINES) {
      last.removeFirst();
    } else if (lines.size() > LINES_AT_MOST) {
      throw new IllegalStateException("more than " + LINES_AT_MOST + " lines of trace");
    }
  }

  /** A digest of all that happened. */
  long hash() {
    return hash;
  }

  List<TraceLine> lines() {
    return List.copyOf(lines);
  }

  /** The end of it, in words. */
  List<String> end() {
    return lines.stream().skip(Math.max(0, lines.size() - LAST_LINES)).map(TraceLine::toString).toList();
  }
}
