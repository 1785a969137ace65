package dss.sim;

import dss.core.entry.Effect;
import dss.core.entry.Entry;
import dss.core.entry.RequestId;
import dss.core.entry.RequestWindow;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Records of a simulated store, in plain maps under keys that begin with their kind. */
final class StoredValues {
  private static final int SEQ_BYTES = 8;

  private StoredValues() {}

  static Bytes key(int kind, Bytes key) {
    byte[] with = new byte[key.length() + 1];
    with[0] = (byte) kind;
    key.copyTo(with, 1);
    return Bytes.wrap(with);
  }

  /** Does what the entry says; returns the keys it spoke of. */
  static List<Bytes> apply(Entry entry, Map<Bytes, Value> values) {
    var keys = new ArrayList<Bytes>();
    byte[] array = entry.array();
    int at = entry.firstEffect();
    for (int i = 0; i < entry.effects(); i++) {
      Effect effect = Entry.effect(array, at);
      Bytes key = key(effect.kind(), effect.key());
      switch (effect.op()) {
        case Effect.PUT -> values.put(key,
            new Value(effect.type(), entry.seq(), entry.seq(), effect.expireAt(), effect.value()));
        case Effect.OUTCOME -> values.put(key, Value.outcome(entry.time(), effect.value()));
        case Effect.DELETE -> values.remove(key);
        case Effect.CLEAR -> values.clear();
        default -> throw new IllegalStateException("op " + effect.op());
      }
      keys.add(key);
      at = entry.nextEffect(at);
    }
    return keys;
  }

  /** Those that users can see. */
  static Map<Bytes, Value> ofUsers(Map<Bytes, Value> values) {
    var users = new HashMap<>(values);
    users.keySet().removeIf(key -> key.at(0) != Effect.HEADER);
    return users;
  }

  /** Which outcomes these records call forgotten. */
  static Predicate<Bytes> forgotten(Map<Bytes, Value> values) {
    var floors = new HashMap<RequestId.Client, Long>();
    values.forEach((key, value) -> {
      if (key.at(0) == Effect.OUTCOMES && seq(key) < 0) {
        floors.put(client(key), RequestWindow.decode(value.bytes()).floor());
      }
    });
    return key -> key.at(0) == Effect.OUTCOMES && seq(key) >= 0
        && seq(key) <= floors.getOrDefault(client(key), -1L);
  }

  private static RequestId.Client client(Bytes outcome) {
    return RequestId.Client.ofKey(outcome.slice(1, outcome.length()));
  }

  /** Negative: the record is its client's window. */
  private static long seq(Bytes outcome) {
    return ByteBuffer.wrap(outcome.toArray()).getLong(outcome.length() - SEQ_BYTES);
  }
}
