package dss.core.replication;

import dss.core.entry.Entry;
import dss.core.planted.PlantedBug;
import dss.core.replication.PeerMessage.Append;
import dss.core.replication.PeerMessage.Mismatch;
import dss.core.storage.ShardStorage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a primary knows of one other copy of its shard, and what it sends there next. */
final class Follower {
  /** Nothing was heard of this copy in this epoch. */
  static final long UNKNOWN = -1;

  /** A commit that no entry tells within so long is told alone. */
  private static final long COMMITTED_AFTER_MS = 250;

  final Primary primary;
  final PeerLink link;
  /** The next entry to send. */
  private long nextSeq;
  /** Highest seq durable there, heard in this epoch from the life at the other end of the link. */
  long durable = UNKNOWN;
  /** Boot of the life that {@link #durable} was last heard from. */
  long durableBoot;
  /** The copy that answers must name; 0: any. Forgotten only with the epoch. */
  long copyId;
  /** What it has, as far as was ever heard: it will ask for what lies behind. */
  private long held;
  /** When it last said something new of this shard, or it began to owe an answer. */
  long progressAt;
  /** When it was last heard durable, or the epoch began, or it began to owe an answer. */
  long durableAt;
  @Nullable
  CopyOut copy;
  /** Whether it is in the effective set, as writes count it, and as reads do: but for planted bugs the same. */
  boolean countsForWrites;
  boolean countsForReads;
  /** In its link's list of followers with something to send. */
  boolean dirty;
  private boolean probe = true;
  private boolean fetching;
  private long committedTold = -1;
  private long sentAt = Node.LONG_AGO;
  /** Frames before this one were sent before it was last begun anew: what does not match in them is known. */
  private long anewFrom;
  /** Bytes of entries sent since its last answer. */
  private long sentUnanswered;
  private final Slowness.Timer timer = new Slowness.Timer();

  Follower(Primary primary, PeerLink link, long now) {
    this.primary = primary;
    this.link = link;
    this.nextSeq = primary.storage().lastSeq() + 1;
    this.held = primary.storage().lastSeq();
    this.progressAt = now;
    this.durableAt = epochBegins(now);
  }

  /** Nobody owes anything of a new epoch yet. */
  private long epochBegins(long now) {
    return primary.node().bug(PlantedBug.NO_FULL_SLOW_FOR_NEW_EPOCH) ? Node.LONG_AGO : now;
  }

  /** A new epoch: what was heard before counts no more, and the copy under way ends. */
  void newEpoch(long now) {
    if (!primary.node().bug(PlantedBug.DURABLE_OF_OLDER_EPOCH)) {
      durable = UNKNOWN;
    }
    endCopy();
    copyId = 0;
    nextSeq = primary.storage().lastSeq() + 1;
    committedTold = -1;
    progressAt = now;
    durableAt = epochBegins(now);
    timer.forget();
    anew();
  }

  /** A new connection: what was under way on the old one is lost. Another life may have another disk. */
  void newConnection(long now) {
    endCopy();
    timer.forget();
    if (link.boot != durableBoot) {
      durable = UNKNOWN;
    }
    resend(now);
  }

  /** Sends again from what is known durable; where nothing is known, asks. */
  void resend(long now) {
    nextSeq = durable == UNKNOWN ? primary.storage().lastSeq() + 1 : durable + 1;
    progressAt = now;
    anew();
  }

  /** What is sent from now on does not build on what is under way. */
  private void anew() {
    anewFrom = link.framesSent;
    sentUnanswered = 0;
    probe();
  }

  private void probe() {
    probe = true;
    markDirty();
  }

  void markDirty() {
    if (!dirty && link.connected) {
      dirty = true;
      if (link.dirty.isEmpty()) {
        primary.node().links().becameDirty(link);
      }
      link.dirty.add(this);
    }
  }

  /** The log has one entry more. */
  void appended(long now) {
    if (durable == primary.storage().lastSeq() - 1) {
      progressAt = now;
      durableAt = now;
    }
    markDirty();
  }

  /** The position behind which it needs the log. */
  long retainAfter() {
    CopyOut under = copy;
    return under == null ? held : under.position();
  }

  /** Whether an answer of it is awaited. */
  boolean owes() {
    return durable < primary.storage().lastSeq();
  }

  /** Whether it is time to tell it that more is committed, as no entry took the word along for a while. */
  boolean committedIsDue(long now) {
    return committedTold < primary.committed() && durable != UNKNOWN && now - sentAt >= COMMITTED_AFTER_MS;
  }

  void tellCommitted() {
    probe = true;
    markDirty();
  }

  /** Durable up to {@code match}, said in this epoch; whether that is news. */
  boolean durable(long match, long ofCopy, long now) {
    if (copyId != 0 && ofCopy != copyId || copy != null) {
      return false;
    }
    durableAt = now;
    durableBoot = link.boot;
    if (match <= durable) {
      return false;
    }
    timer.durable(match, now, link.disk);
    durable = match;
    held = match;
    progressAt = now;
    sentUnanswered = 0;
    nextSeq = Math.max(nextSeq, durable + 1);
    return true;
  }

  /**
   * Whether the message is about something sent before it was last begun anew. Each frame of a window that does not match
   * is answered: were each of them a reason to send the window again, there would be ever more.
   */
  boolean isStale(Mismatch message) {
    return message.frame() < anewFrom;
  }

  /** It agrees at most up to {@code last}: send from there, or copy. Whether a copy is needed. */
  boolean mismatch(long last, boolean needCopy, long itsCopy, long now) {
    progressAt = now;
    boolean otherCopy = copyId != 0 && itsCopy != copyId;
    if (needCopy || otherCopy || last < primary.storage().baseSeq()) {
      durable = UNKNOWN;
      held = Long.MAX_VALUE;
      return true;
    }
    if (durable != UNKNOWN) {
      durable = Math.min(durable, last);
    }
    nextSeq = last + 1;
    held = last;
    timer.forget();
    anew();
    return false;
  }

  /** The copy is there, whole and durable: go on behind its position. */
  void copied(long position, long now) {
    nextSeq = position + 1;
    held = position;
    durable = UNKNOWN;
    progressAt = now;
    endCopy();
    anew();
  }

  void endCopy() {
    CopyOut ended = copy;
    copy = null;
    if (ended != null) {
      ended.end();
    }
  }

  /** Puts what is to be sent now, up to {@code bytes}, into one append; null where there is nothing. */
  @Nullable
  Append nextAppend(int bytes) {
    ShardStorage storage = primary.storage();
    if (copy != null || storage.mark() != dss.core.storage.Mark.COMPLETE) {
      return null;
    }
    if (nextSeq - 1 < storage.baseSeq()) {
      // What it needs has left the log: the probe at the end finds that out, and a copy follows.
      nextSeq = storage.lastSeq() + 1;
      probe = true;
    }
    List<Entry> entries = sentUnanswered > primary.node().settings().windowBytes
        ? List.of()
        : entries(storage, bytes);
    if (entries.isEmpty() && !probe) {
      return null;
    }
    long prev = nextSeq - 1;
    var append = new Append(primary.shard(), primary.epoch(), storage.epochAt(prev), prev, entries,
        primary.committed(), copyId);
    nextSeq += entries.size();
    probe = false;
    sentAt = primary.node().now();
    // Of a learner that is far behind it would tell how much it has to take in.
    if (countsForWrites && !entries.isEmpty()) {
      timer.sent(nextSeq - 1, sentAt);
    }
    committedTold = primary.committed();
    return append;
  }

  private List<Entry> entries(ShardStorage storage, int bytes) {
    long last = storage.lastSeq();
    if (nextSeq > last || fetching) {
      return List.of();
    }
    var entries = new ArrayList<Entry>(1);
    int taken = 0;
    for (long seq = nextSeq; seq <= last; seq++) {
      Entry entry = storage.entry(seq);
      if (entry == null) {
        fetch(storage, seq);
        break;
      }
      taken += entry.length();
      if (taken > bytes && !entries.isEmpty()) {
        break;
      }
      entries.add(entry);
    }
    sentUnanswered += taken;
    return entries;
  }

  private void fetch(ShardStorage storage, long seq) {
    fetching = true;
    storage.fetch(seq, () -> {
      fetching = false;
      markDirty();
    });
  }

  /** Whether more is to be sent. */
  boolean hasMore() {
    return copy == null && !fetching && (probe || nextSeq <= primary.storage().lastSeq());
  }

  /** Whether more is to be sent before the next answer. */
  boolean sendsMore() {
    return hasMore() && sentUnanswered <= primary.node().settings().windowBytes;
  }

  /** Whether its primary still is one, and it still follows. */
  boolean isCurrent() {
    return primary.replica().primary() == primary && primary.followers().at(link) == this;
  }
}
