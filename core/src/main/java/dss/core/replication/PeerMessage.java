package dss.core.replication;

import dss.core.cluster.ClusterState;
import dss.core.entry.Entry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What servers say to each other. Beside its content every message carries its sender's version. */
public sealed interface PeerMessage {

  /** Asks for the cluster state; {@code known} is the version the asker has (0: none). */
  record StateRequest(long known) implements PeerMessage {}

  /** The whole cluster state. */
  record StateTransfer(ClusterState state) implements PeerMessage {}

  /** Beacon {@code n} of this connection. */
  record Beacon(long n) implements PeerMessage {}

  /** The sender grants its lease, counted from when beacon {@code n} was sent. */
  record BeaconReply(long n) implements PeerMessage {}

  /** Shards that the sender serves, each with the epoch it serves it in: new ones, or all on a new connection. */
  record Serving(List<ShardEpoch> shards) implements PeerMessage {
    public Serving {
      shards = List.copyOf(shards);
    }
  }

  record ShardEpoch(int shard, long epoch) {}

  /** Appends of many shards; {@code n} counts the frames of the connection. */
  record AppendFrame(long n, List<Append> appends) implements PeerMessage {
    public AppendFrame {
      appends = List.copyOf(appends);
    }

    /** Whether there is anything in it to be brought to the disk. */
    public boolean bringsEntries() {
      for (Append append : appends) {
        if (!append.entries().isEmpty()) {
          return true;
        }
      }
      return false;
    }
  }

  /**
   * Entries of one shard behind (prevEpoch, prevSeq), perhaps none.
   *
   * @param copyId the copy that the answer must name; 0: any
   * @param committed the primary's committed seq
   */
  record Append(int shard, long epoch, long prevEpoch, long prevSeq, List<Entry> entries, long committed,
      long copyId) {
    public Append {
      entries = List.copyOf(entries);
    }

    /** The seq that this append makes sure of. */
    public long match() {
      return prevSeq + entries.size();
    }
  }

  /** Every append of frame {@code n} is durable up to its match, but those listed (by place in the frame). */
  record FrameDone(long n, List<Integer> except) implements PeerMessage {
    public FrameDone {
      except = List.copyOf(except);
    }
  }

  /**
   * The sender's log does not have what the append builds on; it agrees at most up to {@code last}.
   *
   * @param frame the number of the frame that the append came in
   */
  record Mismatch(int shard, long epoch, long last, boolean needCopy, long copyId, long frame)
      implements
        PeerMessage {}

  /** The sender knows a newer epoch. */
  record Stale(int shard, long epoch) implements PeerMessage {}

  /** The sender has no memory for entries until its flush is further: they are to be sent again later. */
  record Busy() implements PeerMessage {}

  /**
   * One chunk of copy {@code copyId}, the first being number 0; travels on the copy connection.
   *
   * @param data null in the last message of a copy, which tells the position instead
   */
  record CopyChunk(int shard, long epoch, long copyId, int number, byte @Nullable [] data, long endEpoch,
      long endSeq,
      long endTime) implements PeerMessage {}

  /** Chunk {@code number} was taken in; of the last message: the copy is complete and durable. */
  record CopyAck(int shard, long epoch, long copyId, int number) implements PeerMessage {}
}
