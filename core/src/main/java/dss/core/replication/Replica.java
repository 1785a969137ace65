package dss.core.replication;

import dss.core.cluster.Row;
import dss.core.planted.PlantedBug;
import dss.core.storage.Mark;
import dss.core.storage.ShardStorage;
import dss.protocol.Reply;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What this server does for one shard: nothing, backup (or learner), primary. Turns the changes of its row into
 * changes of role; what the roles do is in {@link Primary}, {@link Backup} and {@link Execution}.
 *
 * <pre>
 * none/backup --row names this server primary--> primary (after a fresh copy is made, where the row is fresh)
 * primary --row names another--> backup, deposed until that one is heard serving
 * any --row names this server nowhere, not lost--> none, copy wiped
 * </pre>
 */
final class Replica {
  private final Node node;
  private final ShardStorage storage;
  private final Pending pending;
  private final Parking parking = new Parking();
  private final Execution execution;
  private final ColdReads coldReads;
  private Backup backup;
  private @Nullable Primary primary;
  private Row row = Row.UNFOUNDED;
  private long committed;
  private boolean deposed;
  private boolean founding;
  private boolean draining;
  /** In the list of {@link Ticks}. */
  boolean active;
  /** In the list of {@link AwaitingSync}. */
  boolean awaitsSync;

  Replica(Node node, ShardStorage storage) {
    this.node = node;
    this.storage = storage;
    this.pending = new Pending(node);
    this.committed = storage.appliedSeq();
    this.backup = new Backup(this);
    this.coldReads = new ColdReads(this);
    this.execution = new Execution(this);
  }

  Node node() {
    return node;
  }

  ShardStorage storage() {
    return storage;
  }

  int shard() {
    return storage.shard();
  }

  Row row() {
    return row;
  }

  long epoch() {
    return row.epoch();
  }

  long committed() {
    return committed;
  }

  Pending pending() {
    return pending;
  }

  Parking parking() {
    return parking;
  }

  ColdReads coldReads() {
    return coldReads;
  }

  Execution execution() {
    return execution;
  }

  Backup backup() {
    return backup;
  }

  @Nullable
  Primary primary() {
    return primary;
  }

  boolean isPrimary() {
    return primary != null;
  }

  boolean serves() {
    return primary != null && primary.serving();
  }

  // ---- the row

  void apply(Row newRow) {
    Row old = row;
    row = newRow;
    node.ticks().activate(this);
    boolean mine = newRow.primary() == node.self();
    if (newRow.epoch() != old.epoch()) {
      backup.newEpoch();
    }
    if (mine && primary != null) {
      if (newRow.epoch() != old.epoch()) {
        primary.newEpoch();
      }
    } else if (mine) {
      becomePrimary();
    } else if (primary != null) {
      stepDown();
    } else if (newRow.primary() != old.primary()) {
      unpark();
    }
    if (!newRow.names(node.self()) && !newRow.lost() && storage.mark() != Mark.ABSENT) {
      storage.wipe(() -> {});
      wasReplaced();
    }
  }

  private void becomePrimary() {
    if (row.fresh() && storage.mark() != Mark.COMPLETE) {
      found();
    } else if (!founding && storage.mark() != Mark.COMPLETE) {
      node.broken("shard " + shard() + ": made primary with a copy that is " + storage.mark());
    } else if (!founding) {
      deposed = false;
      long noOp = execution.appendNoOp();
      primary = new Primary(this, node.barriers().ofThisVersion(), noOp);
      primary.begin();
      primary.appended(node.now());
      primary.advance();
    }
  }

  /** The first copy of a shard, ever or after all others were given up: empty and complete before it serves. */
  private void found() {
    if (founding) {
      return;
    }
    founding = true;
    storage.createEmpty(() -> {
      founding = false;
      committed = storage.appliedSeq();
      if (row.primary() == node.self() && primary == null) {
        becomePrimary();
      }
    });
  }

  /** Own entries not committed have an unknown fate: they wait for the new primary's log. */
  private void stepDown() {
    Primary was = primary;
    primary = null;
    if (was != null) {
      was.end();
    }
    backup = new Backup(this);
    deposed = true;
    if (!node.bug(PlantedBug.READ_PUT_BACK_BEHIND_A_WRITE)) {
      pending.removeOvertakenMarkers().forEach(read -> read.answer(Refusals.NOT_SERVING));
    }
    var reads = pending.removeMarkers().stream().map(marker -> marker.call).toList();
    if (node.bug(PlantedBug.NO_FOR_A_WRITE_IN_THE_LOG)) {
      pending.removeAll().forEach(op -> op.answer(movedOrNotServed(op.call)));
    }
    parking.addBefore(reads, node.now() + node.settings().writeWaitMs);
  }

  /** The server that is primary by the row says that it serves. */
  void heardServing(int server, long epoch) {
    if (server == row.primary() && epoch >= row.epoch()) {
      deposed = false;
      if (primary == null) {
        unpark();
      }
    }
  }

  // ---- what is committed

  /** All up to {@code to} is committed, and on this server's disk. */
  void commit(long to) {
    committed = Math.max(committed, to);
    drain();
    pending.settleCut(committed, storage::epochAt, Pending.Op::done,
        op -> op.answer(movedOrNotServed(op.call)));
  }

  /** Applies what is committed, entry by entry, and answers what waited for it; stops at a marker that must wait. */
  void drain() {
    if (draining) {
      return;
    }
    draining = true;
    while (true) {
      Pending.Op head = pending.peek();
      if (head != null && head.seq <= storage.appliedSeq()) {
        if (head.marker && !execution.serveMarker(head)) {
          node.ticks().activate(this);
          break;
        }
        if (!head.marker) {
          head.done();
        }
        pending.remove();
      } else if (storage.appliedSeq() < committed) {
        storage.applyNext();
      } else {
        break;
      }
    }
    draining = false;
  }

  /** Nothing of its own is on the way to being committed. */
  boolean isDrained() {
    return storage.appliedSeq() == storage.lastSeq() && pending.isEmpty();
  }

  /** Entries above {@code seq} leave the log: its primary does not have them. */
  void cutAfter(long seq) {
    if (!node.bug(PlantedBug.PENDING_KEPT_WHEN_CUT)) {
      pending.cutAfter(seq, storage.epochAt(seq + 1));
    }
    storage.cutAfter(seq);
  }

  /** Whether this copy is of before the shard was begun again with what another server had. */
  boolean isGivenUp() {
    return row.since() > 0 && storage.epochAt(storage.lastSeq()) < row.since()
        && !node.bug(PlantedBug.GIVEN_UP_COPY_IS_COMPLETE);
  }

  /** The copy here is another one now. */
  void wasReplaced() {
    founding = false;
    coldReads.wasReplaced();
    committed = storage.appliedSeq();
    pending.removeAll().forEach(op -> op.answer(Refusals.UNKNOWN_FATE));
  }

  void synced() {
    if (primary != null) {
      primary.advance();
    } else {
      backup.synced();
    }
  }

  // ---- commands

  void submit(Call call) {
    if (parking.has(call.connection())) {
      execution.fetch(call);
      park(call);
    } else if (!take(call)) {
      park(call);
    }
  }

  private boolean take(Call call) {
    Primary p = primary;
    return p != null ? execution.take(p, call) : redirect(call);
  }

  private boolean redirect(Call call) {
    boolean successorUnheard = deposed && row.primary() != Row.NONE
        && node.link(row.primary()).silence(Node.LONG_AGO, node.now()) < node.clusterSettings().deadMs();
    boolean cutOff = row.inSync(node.self()) && row.primary() != Row.NONE && row.primary() != node.self()
        && !node.link(row.primary()).connected;
    if (successorUnheard || cutOff || row.primary() == node.self()) {
      return false;
    }
    call.answer(movedOrNotServed(call));
    return true;
  }

  private Reply movedOrNotServed(Call call) {
    return row.primary() == Row.NONE
        ? Refusals.NOT_SERVED
        : Refusals.moved(call.command().slot(), node.clusterState().server(row.primary()));
  }

  private void park(Call call) {
    if (parking.size() >= node.settings().parkedAtMost) {
      call.answer(Refusals.TOO_MANY_WAITING);
      return;
    }
    parking.add(call, node.now() + node.settings().writeWaitMs);
    node.ticks().activate(this);
  }

  /** Something has changed that parked commands may have waited for. */
  void unpark() {
    if (!parking.isEmpty()) {
      parking.offer(this::take);
    }
  }

  /** What these commands waited for has come. */
  void unparkThoseOf(Predicate<Call> concerned) {
    parking.offerThose(concerned, this::take);
  }

  void tick(long now) {
    if (primary != null) {
      primary.tick(now);
    }
    unpark();
    for (Call call : parking.overdue(now)) {
      call.answer(refusal(call));
    }
    for (Pending.Op op : pending.overdue(now)) {
      op.answer(op.marker ? Refusals.NOT_SERVING : Refusals.UNDECIDED);
    }
  }

  private Reply refusal(Call call) {
    Primary p = primary;
    if (p == null) {
      return deposed ? movedOrNotServed(call) : Refusals.NOT_SERVING;
    }
    if (!p.serving() || !call.command().isWrite()) {
      return Refusals.NOT_SERVING;
    }
    if (p.isShortOfCopies()) {
      return Refusals.NO_REPLICAS;
    }
    return p.membership().draining() || node.isLocked() ? Refusals.WRITE_LOCK : Refusals.FULL;
  }

  /** Whether time has nothing to do here but what a primary does at every beacon interval. */
  boolean quiet() {
    if (!parking.isEmpty() || founding) {
      return false;
    }
    return primary == null ? pending.isEmpty() : primary.quiet() && !pending.waitsAtMarker();
  }
}
