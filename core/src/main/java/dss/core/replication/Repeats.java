package dss.core.replication;

import dss.core.entry.Effect;
import dss.core.entry.Entry;
import dss.core.entry.RequestId;
import dss.core.entry.RequestWindow;
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

  private final ShardStorage storage;
  private final ColdReads coldReads;
  private final int firstSlot;
  private final RequestWindows windows = new RequestWindows();

  Repeats(Replica replica) {
    this.storage = replica.storage();
    this.coldReads = replica.coldReads();
    this.firstSlot = replica.shard() * replica.node().clusterSettings().slotsPerShard();
  }

  /** The outcome of a request that is not under way; ABSENT: it is new, COLD: it must wait, or {@link #FORGOTTEN}. */
  Value outcome(int slot, RequestId id) {
    Counted counted = window(id);
    Value outcome = applied(slot, id, id.asKey());
    if (counted == null || outcome == Value.COLD) {
      return Value.COLD;
    }
    if (outcome == Value.ABSENT) {
      return counted.forgotten(id.requestSeq()) ? FORGOTTEN : outcome;
    }
    return outcome.executedAt() < storage.appliedTime() - RequestId.KNOWN_MICROS ? FORGOTTEN : outcome;
  }

  /** Adds what the entry of a new request has to say for its repeats. */
  void note(List<Effect> effects, int slot, RequestId id, Reply reply, long time) {
    effects.add(Effect.outcome(slot, id, ReplyCodec.encode(reply)));
    RequestWindow moved = windows.moved(id, time);
    if (moved != null) {
      effects.add(Effect.requestWindow(firstSlot, id, moved));
    }
  }

  /** The entry that {@link #note} spoke for is in the log. */
  void appended(RequestId id, long time) {
    windows.appended(id, time);
  }

  private @Nullable Counted window(RequestId id) {
    Counted counted = windows.of(id.windowKey());
    if (counted != null) {
      return counted;
    }
    Value stored = applied(firstSlot, id, id.windowKey());
    if (stored == Value.COLD) {
      return null;
    }
    return windows.put(id.windowKey(),
        stored == Value.ABSENT ? RequestWindow.NONE : RequestWindow.decode(stored.bytes()));
  }

  /** The newest outcome under the key, in an entry that is not applied too: of an earlier primary, say. */
  private Value applied(int slot, RequestId id, Bytes key) {
    for (long seq = storage.lastSeq(); seq > storage.appliedSeq(); seq--) {
      Entry entry = storage.entry(seq);
      Value found = entry == null ? null : inEntry(entry, id, key);
      if (found != null) {
        return found;
      }
    }
    return coldReads.get(Effect.OUTCOMES, slot, key);
  }

  private static @Nullable Value inEntry(Entry entry, RequestId id, Bytes key) {
    RequestId of = entry.requestId();
    if (of == null || !of.sameClient(id)) {
      return null;
    }
    byte[] array = entry.array();
    int at = entry.firstEffect();
    for (int i = 0; i < entry.effects(); i++) {
      if (Entry.effectOp(array, at) == Effect.OUTCOME) {
        Effect effect = Entry.effect(array, at);
        if (effect.key().equals(key)) {
          return Value.outcome(entry.time(), effect.value());
        }
      }
      at = entry.nextEffect(at);
    }
    return null;
  }
}
