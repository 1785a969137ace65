package dss.core.replication;

import dss.core.command.Command;
import dss.core.command.Evaluation;
import dss.core.entry.Effect;
import dss.core.entry.Entry;
import dss.core.entry.EntryWriter;
import dss.core.entry.RequestId;
import dss.core.planted.PlantedBug;
import dss.core.replication.Pending.Op;
import dss.core.storage.ShardStorage;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.ReplyCodec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Commands at a primary: judges them, appends what they write, answers reads under leases. Each method that takes a
 * call returns whether it is dealt with; false: it must wait, and nothing has happened.
 * Source: docs/architecture.md, The way of a SET; docs/replication.md, Leases.
 */
final class Execution {
  private final Replica replica;
  private final ShardStorage storage;
  private final Node node;

  Execution(Replica replica) {
    this.replica = replica;
    this.storage = replica.storage();
    this.node = replica.node();
  }

  boolean take(Primary primary, Call call) {
    if (!primary.serving()) {
      return false;
    }
    if (!call.command().isWrite()) {
      return takeRead(primary, call);
    }
    if (primary.membership().draining() || node.isLocked() || !node.storage().acceptsWrites()) {
      return false;
    }
    if (primary.isShortOfCopies()) {
      if (primary.membership().epochAge(node.now()) < node.settings().writeWaitMs) {
        return false;
      }
      call.answer(Refusals.NO_REPLICAS);
      return true;
    }
    if (call.command().spec().flags().contains("denyoom") && node.storage().diskLow()) {
      call.answer(Refusals.DISK);
      return true;
    }
    return takeWrite(primary, call);
  }

  // ---- reads

  private boolean takeRead(Primary primary, Call call) {
    if (replica.pending().has(call.connection())) {
      return waitBehindWrites(primary, call);
    }
    if (!primary.mayRead()) {
      return false;
    }
    Command command = call.command();
    long nowMs = readTime() / 1000;
    var view = new ShardView(storage, command.slot(), nowMs, node.bug(PlantedBug.PENDING_VISIBLE_TO_READ));
    Evaluation evaluation = node.evaluator().evaluate(command, view, nowMs);
    if (view.sawCold()) {
      fetch(command, false);
      return false;
    }
    if (!expiryIsUnsaid(view, storage.appliedTime())) {
      call.answer(evaluation.reply());
      return true;
    }
    return waitBehindExpiry(primary, call, nowMs);
  }

  /**
   * Behind what its connection has under way, by the time of which it will be judged: that may be long ago where entries
   * are slow to be committed, and a key whose time is over by now must not be shown.
   */
  private boolean waitBehindWrites(Primary primary, Call call) {
    primary.needLeases();
    long nowMs = readTime() / 1000;
    if (nowMs > storage.lastTime() / 1000) {
      Command command = call.command();
      var view = new ShardView(storage, command.slot(), nowMs, true);
      command.keys().forEach(view::header);
      if (view.sawCold()) {
        fetch(command, true);
        return false;
      }
      if (expiryIsUnsaid(view, storage.lastTime())) {
        return waitBehindExpiry(primary, call, nowMs);
      }
    }
    replica.pending().add(Op.marker(storage.lastSeq(), replica.epoch(), call, null, writeDeadline()));
    return true;
  }

  private boolean waitBehindExpiry(Primary primary, Call call, long nowMs) {
    if (primary.membership().draining()) {
      return false;
    }
    sayExpiry(primary, nowMs);
    replica.pending().add(Op.marker(storage.lastSeq(), replica.epoch(), call, null, writeDeadline()));
    return true;
  }

  private long readTime() {
    long wall = node.host().wallMicros();
    return node.bug(PlantedBug.TTL_BY_LOCAL_CLOCK) ? wall : Math.max(wall, storage.appliedTime());
  }

  /** Past its time by a clock that no entry has told: a later primary with a slower clock could show it again. */
  private boolean expiryIsUnsaid(ShardView view, long saidMicros) {
    return !node.bug(PlantedBug.TTL_BY_LOCAL_CLOCK) && !view.expired().isEmpty()
        && view.latestExpiry() * 1000 > saidMicros;
  }

  /** An entry later than the expiry, without effects: judged by its time, the keys are gone on every copy. */
  private void sayExpiry(Primary primary, long nowMs) {
    append(primary, Entry.EXPIRY, Math.max(nextTime(), nowMs * 1000), null, List.of(), null, Reply.OK);
  }

  /**
   * Serves a read behind the entry it waited for. It is judged by the time of what is applied: later entries of its
   * own connection may already be in the log, so none can be put in front of it.
   */
  boolean serveMarker(Op marker) {
    Primary primary = replica.primary();
    Call call = marker.call;
    if (call.abandoned()) {
      return true;
    }
    if (node.now() >= marker.deadline) {
      call.answer(Refusals.NOT_SERVING);
      return true;
    }
    if (primary == null || !primary.mayRead()) {
      return false;
    }
    if (marker.reply != null) {
      call.answer(marker.reply);
      return true;
    }
    long nowMs = storage.appliedTime() / 1000;
    var view = new ShardView(storage, call.command().slot(), nowMs, false);
    Evaluation evaluation = node.evaluator().evaluate(call.command(), view, nowMs);
    if (view.sawCold()) {
      fetch(call.command(), false);
      return false;
    }
    call.answer(evaluation.reply());
    return true;
  }

  /** Fetches what the command must look at and what only the disk knows. */
  private void fetch(Command command, boolean withPending) {
    var view = new ShardView(storage, command.slot(), 0, withPending);
    for (Bytes key : command.keys()) {
      if (view.raw(key) == Value.COLD) {
        replica.coldReads().ask(Effect.HEADER, command.slot(), key);
      }
    }
  }

  /** The call's turn comes later: what it will look at is fetched meanwhile. */
  void fetch(Call call) {
    Command command = call.command();
    if (replica.serves() && !(command.isWrite() && node.evaluator().isBlind(command))) {
      fetch(command, command.isWrite());
    }
  }

  // ---- writes

  private boolean takeWrite(Primary primary, Call call) {
    Command command = call.command();
    RequestId id = command.id();
    if (id != null) {
      Boolean known = answerRepeat(primary, call, id);
      if (known != null) {
        return known;
      }
    }
    long time = nextTime();
    var view = new ShardView(storage, command.slot(), time / 1000, true);
    Evaluation evaluation = node.evaluator().evaluate(command, view, time / 1000);
    if (view.sawCold()) {
      fetch(command, true);
      return false;
    }
    List<Effect> effects = evaluation.effects();
    if (id != null) {
      effects = new ArrayList<>(effects);
      primary.repeats().note(effects, command.slot(), id, evaluation.reply(), time);
    } else if (effects.isEmpty() && !expiryIsUnsaid(view, storage.appliedTime())) {
      return answerJudged(primary, call, evaluation.reply());
    }
    if (EntryWriter.length(id, effects) > node.settings().entryBytes) {
      call.answer(Refusals.TOO_LARGE);
      return true;
    }
    append(primary, effects.isEmpty() ? Entry.EXPIRY : Entry.COMMAND, time, id, effects, call,
        evaluation.reply());
    if (id != null) {
      primary.repeats().appended(id, time);
    }
    return true;
  }

  /** A command that wrote nothing is a read: of all that it was judged on, and under leases. */
  private boolean answerJudged(Primary primary, Call call, Reply reply) {
    if (node.bug(PlantedBug.FAILED_CAS_ANSWERED_AT_ONCE)) {
      call.answer(reply);
      return true;
    }
    if (storage.appliedSeq() < storage.lastSeq() || !replica.pending().isEmpty()) {
      primary.needLeases();
      replica.pending().add(Op.marker(storage.lastSeq(), replica.epoch(), call, reply, writeDeadline()));
      node.ticks().activate(replica);
      return true;
    }
    if (!primary.mayRead()) {
      return false;
    }
    call.answer(reply);
    return true;
  }

  /** A request that was made before: waits with the first one, or gets its outcome. Null: it was not. */
  private @Nullable Boolean answerRepeat(Primary primary, Call call, RequestId id) {
    if (node.bug(PlantedBug.REPEAT_IS_NEW)) {
      return null;
    }
    if (replica.pending().join(id, call)) {
      return true;
    }
    Value outcome = primary.repeats().outcome(call.command().slot(), id);
    if (outcome == Value.COLD) {
      return false;
    }
    if (outcome == Repeats.FORGOTTEN) {
      call.answer(Refusals.FORGOTTEN);
      return true;
    }
    return outcome == Value.ABSENT ? null : answerJudged(primary, call, ReplyCodec.decode(outcome.bytes()));
  }

  private void append(Primary primary, int kind, long time, @Nullable RequestId id, List<Effect> effects,
      @Nullable Call call, Reply reply) {
    long seq = storage.lastSeq() + 1;
    long now = node.now();
    storage.append(node.writer().write(kind, replica.shard(), replica.epoch(), seq, time, id, effects));
    if (call != null) {
      replica.pending()
          .add(Op.write(seq, replica.epoch(), call, reply, id, now + node.settings().commitWaitMs));
    }
    primary.appended(now);
  }

  /** The first entry of a primary; its commit proves the whole log. Returns its seq. */
  long appendNoOp() {
    long seq = storage.lastSeq() + 1;
    storage
        .append(node.writer().write(Entry.NO_OP, replica.shard(), replica.epoch(), seq, nextTime(), null,
            List.of()));
    return seq;
  }

  private long nextTime() {
    return Math.max(node.host().wallMicros(), storage.lastTime() + 1);
  }

  private long writeDeadline() {
    return node.now() + node.settings().writeWaitMs;
  }
}
