package dss.core.replication;

import dss.core.replication.PeerMessage.CopyAck;
import dss.core.replication.PeerMessage.CopyChunk;
import dss.core.storage.CopyReader;
import org.jspecify.annotations.Nullable;

/**
 * One copy on its way to a learner: opened, chunks under way, the last message, done. A broken connection, a new
 * epoch or a silence ends it; it begins again under another id. Source: docs/replication.md, Copy.
 */
final class CopyOut {
  private final Follower follower;
  final long copyId;
  private final long epoch;
  private @Nullable CopyReader reader;
  private int sent;
  private int answered;
  private boolean reading;
  private boolean whole;
  private boolean ended;
  private long bytesSent;
  private long answeredAt;

  CopyOut(Follower follower, long copyId, long now) {
    this.follower = follower;
    this.copyId = copyId;
    this.epoch = follower.primary.epoch();
    this.answeredAt = now;
  }

  void open() {
    follower.primary.storage().retainAfter(position());
    follower.primary.storage().openCopy(opened -> {
      if (ended) {
        opened.close();
        return;
      }
      reader = opened;
      answeredAt = node().now();
      follower.primary.retain();
      sendMore();
    });
  }

  /** The position behind which the log is still needed. */
  long position() {
    return reader == null ? follower.primary.storage().baseSeq() : reader.seq();
  }

  /** How much is sent, 0..1. */
  double done() {
    return reader == null || reader.totalBytes() == 0
        ? 0
        : Math.min(1.0, (double) bytesSent / reader.totalBytes());
  }

  long bytesSent() {
    return bytesSent;
  }

  /** Reads and sends the next chunk, where it may. */
  void sendMore() {
    CopyReader from = reader;
    if (from == null || reading || whole || ended || sent - answered >= node().settings().chunksUnderWay) {
      return;
    }
    if (!node().transfers().admits(this)) {
      return;
    }
    reading = true;
    if (sent == answered) {
      // What it waited for here is no silence of the other.
      answeredAt = node().now();
    }
    from.next(chunk -> {
      if (ended) {
        return;
      }
      reading = false;
      node().transfers().read(chunk == null ? 0 : chunk.length);
      whole = chunk == null;
      if (chunk != null) {
        bytesSent += chunk.length;
      }
      node().messages().sendCopy(follower.link,
          new CopyChunk(follower.primary.shard(), epoch, copyId, sent++, chunk,
              from.epoch(), from.seq(), from.time()));
      sendMore();
    });
  }

  void answered(CopyAck ack, long now) {
    if (ack.copyId() != copyId || ack.number() < answered || ack.number() >= sent) {
      return;
    }
    answered = ack.number() + 1;
    answeredAt = now;
    CopyReader from = reader;
    if (whole && answered == sent && from != null) {
      long position = from.seq();
      follower.copied(position, now);
      follower.primary.copyEnded();
    } else {
      sendMore();
    }
  }

  /** Answers wait for the other's flusher, and the last one until all is on disk: who lives is given longer. */
  boolean silent(long now) {
    boolean lives = !follower.link.silentFor(node().clusterSettings().deadMs(), now);
    long bound = node().settings().copySilenceMs * (lives ? 20 : 1);
    return sent > answered && now - answeredAt > bound;
  }

  void end() {
    ended = true;
    if (reading) {
      node().transfers().read(0);
    }
    if (reader != null) {
      reader.close();
    }
    node().transfers().ended();
  }

  private Node node() {
    return follower.primary.node();
  }
}
