package dss.core.replication;

import dss.core.entry.Effect;
import dss.core.entry.RequestId;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import java.util.HashSet;
import java.util.Set;

/** What commands at one shard must look at and only the disk knows: asked for once, however many wait. Loop only. */
final class ColdReads {
  private record Cold(int kind, Bytes key) {}

  private final Replica replica;
  private final Set<Cold> asked = new HashSet<>();

  ColdReads(Replica replica) {
    this.replica = replica;
  }

  /** What is applied under the key; where that is cold, those who wait for it are tried again once it is not. */
  Value get(int kind, int slot, Bytes key) {
    Value value = replica.storage().get(kind, slot, key);
    if (value == Value.COLD) {
      ask(kind, slot, key);
    }
    return value;
  }

  void ask(int kind, int slot, Bytes key) {
    var cold = new Cold(kind, key);
    if (asked.add(cold)) {
      replica.storage().warm(kind, slot, key, () -> {
        asked.remove(cold);
        replica.drain();
        replica.unparkThoseOf(call -> concerns(call, cold));
      });
    }
  }

  private static boolean concerns(Call call, Cold cold) {
    if (cold.kind == Effect.HEADER) {
      return call.command().keys().contains(cold.key);
    }
    RequestId id = call.command().id();
    return id != null && id.client().equals(RequestId.Client.ofKey(cold.key));
  }

  /** The copy here is another one now: answers for the old one never come. */
  void wasReplaced() {
    asked.clear();
  }
}
