package dss.core.replication;

import dss.core.entry.Entry;
import dss.core.planted.PlantedBug;
import dss.core.replication.PeerMessage.Append;
import dss.core.replication.PeerMessage.Busy;
import dss.core.replication.PeerMessage.CopyAck;
import dss.core.replication.PeerMessage.CopyChunk;
import dss.core.replication.PeerMessage.Mismatch;
import dss.core.replication.PeerMessage.Stale;
import dss.core.storage.Mark;
import dss.core.storage.ShardStorage;
import java.util.ArrayDeque;

/**
 * A copy that follows a primary: takes appends in, answers for what is durable, takes a copy in. States of a copy
 * coming in: none, chunks, finishing. Source: docs/replication.md, On Append and Copy.
 */
final class Backup {
  /** An append that is answered when its match is durable. */
  private record Waiting(InFrame frame, int place, long epoch, long match, long committed) {}

  private final Replica replica;
  private final ShardStorage storage;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private long copyIn;
  private int chunksIn;

  Backup(Replica replica) {
    this.replica = replica;
    this.storage = replica.storage();
  }

  void append(PeerLink from, InFrame frame, int place, Append append) {
    boolean epochCheck = !node().bug(PlantedBug.NO_EPOCH_CHECK_ON_APPEND);
    if (append.epoch() < replica.epoch() && epochCheck) {
      node().messages().send(from, new Stale(append.shard(), replica.epoch()));
      frame.notDone(place);
    } else if ((replica.row().primary() != from.server && epochCheck) || replica.isPrimary()) {
      frame.notDone(place);
    } else if (storage.mark() != Mark.COMPLETE || isGivenUp(append)) {
      mismatch(from, frame, append, 0, true);
      frame.notDone(place);
    } else if (append.copyId() != 0 && append.copyId() != storage.copyId()) {
      mismatch(from, frame, append, replica.committed(), false);
      frame.notDone(place);
    } else {
      match(from, frame, place, append);
    }
  }

  /** Whether this copy is of before the shard was begun again, and not one that this primary has sent since. */
  private boolean isGivenUp(Append append) {
    boolean sent = append.copyId() != 0 && append.copyId() == storage.copyId();
    return !sent && replica.isGivenUp();
  }

  private void match(PeerLink from, InFrame frame, int place, Append append) {
    long prev = append.prevSeq();
    boolean agrees = prev <= replica.committed()
        || (prev <= storage.lastSeq() && storage.epochAt(prev) == append.prevEpoch());
    if (!agrees) {
      mismatch(from, frame, append, Math.max(replica.committed(), Math.min(storage.lastSeq(), prev - 1)),
          false);
      frame.notDone(place);
      return;
    }
    if (append.match() > storage.lastSeq() && !node().storage().acceptsEntries()) {
      node().messages().send(from, new Busy());
      frame.notDone(place);
      return;
    }
    for (Entry entry : append.entries()) {
      takeIn(entry);
    }
    long match = node().bug(PlantedBug.DURABLE_IS_END_OF_LOG) ? storage.lastSeq() : append.match();
    var wait = new Waiting(frame, place, append.epoch(), match, append.committed());
    if (match <= storage.durableSeq() || node().bug(PlantedBug.BACKUP_ANSWERS_BEFORE_FSYNC)) {
      durable(wait);
    } else {
      waiting.addLast(wait);
      node().awaitingSync().add(replica);
    }
  }

  private void takeIn(Entry entry) {
    long seq = entry.seq();
    if (seq <= replica.committed()) {
      return;
    }
    if (seq <= storage.lastSeq()) {
      if (storage.epochAt(seq) == entry.epoch() || node().bug(PlantedBug.CONFLICTS_NOT_CUT)) {
        return;
      }
      if (seq <= Math.max(replica.committed(), storage.appliedSeq())) {
        node().broken("shard " + replica.shard() + ": an append cuts at seq " + seq + ", committed is "
            + replica.committed());
        return;
      }
      replica.cutAfter(seq - 1);
    }
    storage.append(entry);
  }

  private void mismatch(PeerLink from, InFrame frame, Append append, long last, boolean needCopy) {
    node().messages().send(from,
        new Mismatch(append.shard(), append.epoch(), last, needCopy, storage.copyId(), frame.number()));
  }

  /** More of the log is on disk: answers what waited for it. */
  void synced() {
    for (var it = waiting.iterator(); it.hasNext();) {
      Waiting wait = it.next();
      if (wait.match <= storage.durableSeq()) {
        it.remove();
        durable(wait);
      }
    }
  }

  private void durable(Waiting wait) {
    long to = node().bug(PlantedBug.COMMITTED_TO_END_OF_LOG)
        ? Math.min(wait.committed, storage.lastSeq())
        : Math.min(wait.committed, wait.match);
    if (node().bug(PlantedBug.APPLIED_BEFORE_COMMITTED)) {
      to = wait.match;
    }
    replica.commit(Math.min(to, storage.durableSeq()));
    wait.frame.done();
  }

  /** A new epoch: what waits for the disk is answered no more. */
  void newEpoch() {
    waiting.forEach(wait -> wait.frame.notDone(wait.place));
    waiting.clear();
    copyIn = 0;
  }

  /** Chunks of a copy count only in order, under one id, in this epoch, and never on a server in inSync. */
  void copyChunk(PeerLink from, CopyChunk chunk) {
    if (chunk.epoch() < replica.epoch()) {
      node().messages().send(from, new Stale(chunk.shard(), replica.epoch()));
      return;
    }
    if (replica.row().primary() != from.server || replica.row().inSync(node().self())) {
      return;
    }
    if (chunk.number() == 0) {
      begin(chunk);
    }
    if (copyIn != chunk.copyId() || chunk.number() != chunksIn) {
      return;
    }
    chunksIn++;
    byte[] data = chunk.data();
    Runnable taken = () -> answer(from, chunk);
    if (data != null) {
      storage.copyChunk(data, taken);
    } else {
      storage.finishCopy(chunk.endEpoch(), chunk.endSeq(), chunk.endTime(), taken);
    }
  }

  private void begin(CopyChunk chunk) {
    waiting.forEach(wait -> wait.frame.notDone(wait.place));
    waiting.clear();
    copyIn = chunk.copyId();
    chunksIn = 0;
    storage.beginCopy(chunk.copyId());
    replica.wasReplaced();
  }

  private void answer(PeerLink from, CopyChunk chunk) {
    boolean current = copyIn == chunk.copyId();
    if (chunk.data() == null) {
      copyIn = 0;
      replica.wasReplaced();
    }
    if (!current) {
      return;
    }
    node().messages().send(from, new CopyAck(chunk.shard(), chunk.epoch(), chunk.copyId(), chunk.number()));
  }

  private Node node() {
    return replica.node();
  }
}
