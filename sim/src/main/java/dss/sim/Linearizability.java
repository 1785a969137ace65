package dss.sim;

import dss.protocol.Reply;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Whether a history of one key is linearizable: Wing and Gong's search, with Lowe's memory of what was tried (the set of
 * operations placed and the value they left), which is kept as 64 bits of hash: a history that seems bad is searched again
 * with other bits. An operation of unknown outcome may be placed anywhere after its call, or never; it is tried only
 * where none of the others fits, behind those like it, and not where the next one overwrites it unseen. Sources: Wing, Gong, JPDC 17 (1993); Lowe, CPE 29 (2017).
 */
public final class Linearizability {
  /** States that are looked at before the search is given up. */
  static final int STATES_AT_MOST = 5_000_000;
  private static final int TOLD = 12;
  private static final int LOOKS_AHEAD = 64;

  /** The search was given up: says of which key, and why. */
  public static final class UndecidedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UndecidedException(String what) {
      super(what);
    }
  }

  /** A place in the search: what was placed there, on which value, and what else could be. */
  private record Frame(int op, @Nullable String before, int[] candidates, int next) {}

  private final List<Op> ops;
  /** Of those not placed, in order of their calls: a ring through {@code ops.size()}. */
  private final int[] next;
  private final int[] previous;
  private final int[] before;
  private final boolean[] placed;
  private final long[] bits;
  /** For each state of the known ones the least sets of unknown ones that were used on a way to it. */
  private final Map<Long, List<BitSet>> tried = new HashMap<>();
  private final BitSet used = new BitSet();
  private int states;
  private boolean holds;
  private final int known;
  private int deepest;
  private List<String> furthest = List.of();

  private Linearizability(List<Op> history, long seed) {
    ops = new ArrayList<>(history);
    ops.removeIf(op -> !op.known() && op.isRead());
    ops.sort(Comparator.comparingLong(op -> op.invoked));
    known = (int) ops.stream().filter(Op::known).count();
    int n = ops.size();
    next = new int[n + 1];
    previous = new int[n + 1];
    placed = new boolean[n];
    for (int i = 0; i <= n; i++) {
      next[i] = i == n ? 0 : i + 1;
      previous[i] = i == 0 ? n : i - 1;
    }
    bits = new SplittableRandom(seed).longs(n).toArray();
    before = befores();
  }

  /** What must be placed before each; -1: nothing. Unknown ones that are alike may as well come in order. */
  private int[] befores() {
    Map<Op, Integer> places = new IdentityHashMap<>();
    Map<Op.Kind, Integer> alike = new EnumMap<>(Op.Kind.class);
    var befores = new int[ops.size()];
    for (int i = 0; i < ops.size(); i++) {
      Op op = ops.get(i);
      places.put(op, i);
      Integer of = op.isBehind() ? places.get(op.before) : null;
      if (!op.known() && op.argument.isEmpty()) {
        of = alike.put(op.kind, i);
      }
      befores[i] = of == null ? -1 : of;
    }
    return befores;
  }

  /**
   * Searches one key's history; the key is absent when it begins.
   *
   * @throws UndecidedException if that takes too long: too many of the operations are unknown and overlap
   */
  static boolean holds(List<Op> historyOfOneKey) {
    return decided(historyOfOneKey, 1).holds || decided(historyOfOneKey, 2).holds;
  }

  private static Linearizability decided(List<Op> history, long seed) {
    var search = new Linearizability(history, seed);
    search.search();
    if (search.states > STATES_AT_MOST) {
      throw new UndecidedException("after " + STATES_AT_MOST + " states of key " + history.get(0).key
          + " no order of its operations is found, and it is not sure that there is none: "
          + "too many of unknown fate overlap. Record fewer operations a key, or clients that wait longer");
    }
    return search;
  }

  /**
   * Where a history that does not hold breaks: what an order that goes furthest ends with, and the operations that could
   * come next by their times, of which none says what it would have to say. A line each.
   */
  static List<String> explain(List<Op> historyOfOneKey) {
    Linearizability search = decided(historyOfOneKey, 1);
    return search.holds ? List.of("it holds") : search.furthest;
  }

  private void note(List<Frame> path, @Nullable String value, int[] candidates) {
    if (path.size() <= deepest) {
      return;
    }
    deepest = path.size();
    furthest = new ArrayList<>();
    path.subList(Math.max(0, path.size() - TOLD), path.size())
        .forEach(frame -> furthest.add("  fits    " + ops.get(frame.op())));
    furthest.add("  value   " + value);
    for (int i : candidates) {
      furthest.add("  or not  " + ops.get(i));
    }
  }

  /** Depth first, without recursion: histories may be long. */
  private void search() {
    var path = new ArrayList<Frame>();
    String value = null;
    long hash = 0;
    int knownPlaced = 0;
    int[] candidates = candidates(value);
    int at = 0;
    while (knownPlaced < known) {
      at = fitting(candidates, at, value, hash, path.isEmpty() ? null : changer(path.getLast(), value));
      if (at < candidates.length) {
        int op = candidates[at];
        path.add(new Frame(op, value, candidates, at + 1));
        value = KeyModel.step(value, ops.get(op)).after();
        place(op);
        hash ^= ops.get(op).known() ? bits[op] : 0;
        knownPlaced += ops.get(op).known() ? 1 : 0;
        candidates = candidates(value);
        at = 0;
      } else if (path.isEmpty() || states > STATES_AT_MOST) {
        return;
      } else {
        note(path, value, candidates);
        Frame last = path.removeLast();
        takeBack(last.op());
        hash ^= ops.get(last.op()).known() ? bits[last.op()] : 0;
        knownPlaced -= ops.get(last.op()).known() ? 1 : 0;
        value = last.before();
        candidates = last.candidates();
        at = last.next();
      }
    }
    holds = true;
  }

  /** What was placed last, if it changed something. */
  private @Nullable Op changer(Frame latest, @Nullable String value) {
    return Objects.equals(latest.before(), value) ? null : ops.get(latest.op());
  }

  private void place(int op) {
    next[previous[op]] = next[op];
    previous[next[op]] = previous[op];
    placed[op] = true;
    used.set(op, !ops.get(op).known());
  }

  /** In the opposite order of the placing. */
  private void takeBack(int op) {
    next[previous[op]] = op;
    previous[next[op]] = op;
    placed[op] = false;
    used.clear(op);
  }

  /**
   * Which may come next by their times: those that are known first, the sooner they were answered the earlier. One that
   * says what it said and changes nothing is the only one: it can only be in the way later.
   */
  private int[] candidates(@Nullable String value) {
    var found = new ArrayList<Integer>();
    long firstReturn = Long.MAX_VALUE;
    int end = ops.size();
    for (int i = next[end]; i != end && ops.get(i).invoked <= firstReturn; i = next[i]) {
      firstReturn = Math.min(firstReturn, ops.get(i).returned);
      if (before[i] < 0 || placed[before[i]]) {
        if (onlyLooks(ops.get(i), value)) {
          return new int[]{i};
        }
        found.add(i);
      }
    }
    if (found.size() > 1) {
      String seen = nextSeen();
      found.sort(Comparator.<Integer>comparingInt(n -> rank(ops.get(n), value, seen))
          .thenComparingLong(n -> ops.get(n).returned));
    }
    return found.stream().mapToInt(n -> n).toArray();
  }

  /** Unknown ones that lead to what is seen next come first, other unknown ones last. */
  private int rank(Op op, @Nullable String value, @Nullable String seen) {
    if (op.known()) {
      return 1;
    }
    String after = KeyModel.step(value, op).after();
    return seen != null && after != null && seen.startsWith(KeyModel.plain(after)) ? 0 : 2;
  }

  /** What the next of the reads that are left saw. */
  private @Nullable String nextSeen() {
    int end = ops.size();
    int looked = 0;
    for (int i = next[end]; i != end && looked < LOOKS_AHEAD; i = next[i]) {
      if (ops.get(i).kind == Op.Kind.GET && ops.get(i).reply instanceof Reply.Bulk bulk) {
        return bulk.bytes().asUtf8();
      }
      looked++;
    }
    return null;
  }

  private static boolean onlyLooks(Op op, @Nullable String value) {
    KeyModel.Step step = op.known() ? KeyModel.step(value, op) : null;
    return step != null && step.reply().equals(op.reply) && Objects.equals(step.after(), value);
  }

  /**
   * The place of the first candidate, from {@code at} on, that says what it said and leads somewhere new.
   *
   * @param last what was placed last, if it changed something: that must be seen, if it could as well come later
   */
  private int fitting(int[] candidates, int at, @Nullable String value, long hash,
      @Nullable Op last) {
    for (int i = at; i < candidates.length; i++) {
      Op op = ops.get(candidates[i]);
      if (op.isBlind() && last != null && last.couldComeBehind(op)) {
        continue;
      }
      KeyModel.Step step = KeyModel.step(value, op);
      boolean fits = op.known() ? step.reply().equals(op.reply) : !Objects.equals(step.after(), value);
      if (fits && isNew(candidates[i], op, hash ^ hash(step.after()))) {
        states++;
        return i;
      }
    }
    return candidates.length;
  }

  /** Whether nothing like it was tried: what came to nothing with some unknown ones used does so with more of them. */
  private boolean isNew(int number, Op op, long hash) {
    long state = op.known() ? hash ^ bits[number] ^ (op.kind == Op.Kind.EXPIRED ? 2 : 0) : hash ^ 1;
    used.set(number, !op.known());
    List<BitSet> before = tried.getOrDefault(state, List.of());
    boolean isNew = before.stream().noneMatch(each -> isWithin(each, used));
    if (isNew && before.isEmpty()) {
      tried.put(state, List.of((BitSet) used.clone()));
    } else if (isNew) {
      var least = new ArrayList<>(before);
      least.removeIf(each -> isWithin(used, each));
      least.add((BitSet) used.clone());
      tried.put(state, least);
    }
    used.clear(number);
    return isNew;
  }

  private static boolean isWithin(BitSet less, BitSet more) {
    for (int i = less.nextSetBit(0); i >= 0; i = less.nextSetBit(i + 1)) {
      if (!more.get(i)) {
        return false;
      }
    }
    return true;
  }

  private static long hash(@Nullable String value) {
    long hash = 0x9e3779b97f4a7c15L;
    for (int i = 0; value != null && i < value.length(); i++) {
      hash = (hash ^ value.charAt(i)) * 0xff51afd7ed558ccdL;
      hash ^= hash >>> 29;
    }
    return hash;
  }
}
