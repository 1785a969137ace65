package dss.core.replication;

import dss.core.entry.Effect;
import dss.core.entry.RequestId;
import dss.core.entry.RequestWindow;
import dss.core.planted.PlantedBug;
import dss.core.replication.RequestWindows.Counted;
import dss.core.storage.ShardStorage;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import dss.protocol.Reply;
import dss.protocol.ReplyCodec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Requests that come again, at one shard in one reign of its primary: their outcomes, as long as they are remembered.
 * Loop only. Source: docs/adr/0007.
 */
final class Repeats {
  /** The request may have been executed; what came of it is not remembered. */
  static final Value FORGOTTEN = new Value(0, 0, -2, Effect.NEVER, Bytes.EMPTY);

  private final Node node;
  private final ShardStorage storage;
  private final ColdReads coldReads;
  private final int firstSlot;
  private final RequestWindows windows;

  Repeats(Replica replica) {
    this.node = replica.node();
    this.storage = replica.storage();
    this.coldReads = replica.coldReads();
    this.firstSlot = replica.shard() * node.clusterSettings().slotsPerShard();
    this.windows = new RequestWindows(node.settings());
  }

  /** The outcome of a request that is not under way; ABSENT: it is new, COLD: it must wait, or {@link #FORGOTTEN}. */
  Value outcome(int slot, RequestId id) {
    Value outcome = find(slot, id.asKey());
    if (outcome != Value.COLD && outcome != Value.ABSENT) {
      return outcome.executedAt() < storage.appliedTime() - RequestId.KNOWN_MICROS ? FORGOTTEN : outcome;
    }
    Counted counted = counted(id);
    if (counted == null || outcome == Value.COLD) {
      return Value.COLD;
    }
    boolean forgotten = counted.forgotten(id.requestSeq()) && !node.bug(PlantedBug.FORGOTTEN_IS_NEW);
    return forgotten ? FORGOTTEN : Value.ABSENT;
  }

  /** Adds what the entry of a new request has to say for its repeats. */
  void note(List<Effect> effects, int slot, RequestId id, Reply reply, long time) {
    effects.add(Effect.outcome(slot, id, ReplyCodec.encode(reply)));
    Counted counted = counted(id);
    if (counted != null && counted.isFull(time)) {
      effects.add(Effect.requestWindow(firstSlot, id, counted.moved()));
    }
  }

  /** The entry that {@link #note} spoke for is in the log. */
  void appended(RequestId id, long time) {
    Counted counted = counted(id);
    if (counted != null) {
      counted.count(id.requestSeq(), time);
    }
  }

  /** What is known of this client here; null: only the disk knows. */
  private @Nullable Counted counted(RequestId id) {
    Counted counted = windows.of(id.client());
    if (counted != null) {
      return counted;
    }
    Value stored = find(firstSlot, id.windowKey());
    if (stored == Value.COLD) {
      return null;
    }
    return windows.put(id.client(),
        stored == Value.ABSENT ? RequestWindow.NONE : RequestWindow.decode(stored.bytes()));
  }

  /** As applied, or in an entry of this reign that is not: of a write that was given up, say. */
  private Value find(int slot, Bytes key) {
    Value value = Unapplied.find(storage, Effect.OUTCOMES, key);
    return value != null ? value : coldReads.get(Effect.OUTCOMES, slot, key);
  }
}
