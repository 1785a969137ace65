package dss.core.replication;

import dss.core.entry.RequestId;
import dss.protocol.Reply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What waits for entries of one shard to be committed, in order: writes for their own entry, and markers (reads
 * behind it). Loop only.
 */
final class Pending {
  /** One that waits. */
  static final class Op {
    /** The entry it waits for; of a marker the entry after which, and before the next one, it is served. */
    final long seq;
    final long epoch;
    final Call call;
    /** The answer once the entry is committed; null in a marker that is still to be evaluated. */
    final @Nullable Reply reply;
    final boolean marker;
    final @Nullable RequestId id;
    final long deadline;
    /** Repeats of the same request, which get its outcome. */
    @Nullable
    List<Call> repeats;
    /** Of a write that was cut: the lowest seq cut, and the epoch of what stood there. */
    long cutAt = Long.MAX_VALUE;
    long cutEpoch;

    private Op(long seq, long epoch, Call call, @Nullable Reply reply, boolean marker,
        @Nullable RequestId id, long deadline) {
      this.seq = seq;
      this.epoch = epoch;
      this.call = call;
      this.reply = reply;
      this.marker = marker;
      this.id = id;
      this.deadline = deadline;
    }

    static Op write(long seq, long epoch, Call call, Reply reply, @Nullable RequestId id,
        long deadline) {
      return new Op(seq, epoch, call, reply, false, id, deadline);
    }

    static Op marker(long seq, long epoch, Call call, @Nullable Reply judged, long deadline) {
      return new Op(seq, epoch, call, judged, true, null, deadline);
    }

    private boolean isOf(Object connection) {
      return call.connection() == connection
          || repeats != null && repeats.stream().anyMatch(repeat -> repeat.connection() == connection);
    }

    private Stream<Object> connections() {
      List<Call> others = repeats == null ? List.of() : repeats;
      return Stream.concat(Stream.of(call), others.stream()).map(Call::connection);
    }

    /** The entry of a write is committed. */
    void done() {
      answer(Objects.requireNonNull(reply));
    }

    void answer(Reply with) {
      call.answer(with);
      if (repeats != null) {
        repeats.forEach(repeat -> repeat.answer(with));
      }
    }
  }

  private final Node node;
  private final ArrayDeque<Op> ops = new ArrayDeque<>();
  /** Writes whose entries were cut: whether they happened is decided with what is committed. */
  private final ArrayDeque<Op> cut = new ArrayDeque<>();

  Pending(Node node) {
    this.node = node;
  }

  boolean isEmpty() {
    return ops.isEmpty() && cut.isEmpty();
  }

  void add(Op op) {
    ops.addLast(op);
    if (!op.marker) {
      node.writes().oneTaken();
    }
  }

  /** Whether the oldest is a marker: it waits for something else than its entry. */
  boolean waitsAtMarker() {
    Op head = ops.peekFirst();
    return head != null && head.marker;
  }

  @Nullable
  Op peek() {
    return ops.peekFirst();
  }

  void remove() {
    ended(ops.removeFirst());
  }

  private void ended(Op op) {
    if (!op.marker) {
      node.writes().oneEnded();
    }
  }

  /** Whether this connection has something under way here. */
  boolean has(Object connection) {
    for (Iterator<Op> it = ops.descendingIterator(); it.hasNext();) {
      if (it.next().isOf(connection)) {
        return true;
      }
    }
    return false;
  }

  /** Lets a repeat wait with the write under way that has its request id; false: there is none. */
  boolean join(RequestId id, Call repeat) {
    for (Op op : ops) {
      if (id.equals(op.id)) {
        op.repeats = op.repeats == null ? new ArrayList<>(1) : op.repeats;
        op.repeats.add(repeat);
        return true;
      }
    }
    return false;
  }

  /**
   * Entries above {@code seq} leave the log; the first of them is of {@code epoch}. They may come back, with a primary
   * that has them.
   */
  void cutAfter(long seq, long epoch) {
    while (!ops.isEmpty() && ops.getLast().seq > seq) {
      cut.addFirst(ops.removeLast());
    }
    for (Op op : cut) {
      if (seq + 1 < op.cutAt) {
        op.cutAt = seq + 1;
        op.cutEpoch = epoch;
      }
    }
  }

  /**
   * Tells of writes that were cut what is decided by what is committed: where another entry stands in the place of
   * theirs, or of one before it, they never happen.
   */
  void settleCut(long committed, LongUnaryOperator epochAt, Consumer<Op> happened, Consumer<Op> never) {
    for (Iterator<Op> it = cut.iterator(); it.hasNext();) {
      Op op = it.next();
      boolean decided = op.cutAt <= committed;
      boolean cameBack = decided && epochAt.applyAsLong(op.cutAt) == op.cutEpoch;
      if (cameBack && op.cutAt < op.seq) {
        op.cutAt = op.seq;
        op.cutEpoch = op.epoch;
        decided = op.seq <= committed;
        cameBack = decided && epochAt.applyAsLong(op.seq) == op.epoch;
      }
      if (decided) {
        it.remove();
        ended(op);
        (cameBack ? happened : never).accept(op);
      }
    }
  }

  /** All markers, oldest first. */
  List<Op> removeMarkers() {
    return removeIf(op -> op.marker);
  }

  /** Markers behind which their connection has written: whoever serves them later would see that too. */
  List<Op> removeOvertakenMarkers() {
    Set<Object> writing = Collections.newSetFromMap(new IdentityHashMap<>());
    Set<Op> overtaken = Collections.newSetFromMap(new IdentityHashMap<>());
    for (var queue : List.of(ops, cut)) {
      queue.reversed().forEach(op -> {
        if (!op.marker) {
          op.connections().forEach(writing::add);
        } else if (writing.contains(op.call.connection())) {
          overtaken.add(op);
        }
      });
    }
    return overtaken.isEmpty() ? List.of() : removeIf(overtaken::contains);
  }

  List<Op> removeAll() {
    return removeIf(op -> true);
  }

  List<Op> overdue(long now) {
    return removeIf(op -> now >= op.deadline);
  }

  private List<Op> removeIf(Predicate<Op> test) {
    if (isEmpty()) {
      return List.of();
    }
    var removed = new ArrayList<Op>(0);
    for (var queue : List.of(ops, cut)) {
      queue.removeIf(op -> test.test(op) && removed.add(op));
    }
    removed.forEach(this::ended);
    return removed;
  }
}
