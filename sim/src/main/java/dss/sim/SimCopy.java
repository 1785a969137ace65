package dss.sim;

import dss.core.binary.BinaryReader;
import dss.core.binary.BinaryWriter;
import dss.core.storage.CopyReader;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A copy of a flushed shard, read in chunks of a few keys. */
final class SimCopy implements CopyReader {
  private static final int KEYS_PER_CHUNK = 3;

  private final SimStorage storage;
  private final SimDisk.Flushed frozen;
  private final List<Bytes> keys;
  private int next;

  SimCopy(SimStorage storage, SimDisk.Flushed flushed) {
    this.storage = storage;
    this.frozen = flushed.copy();
    this.keys = new ArrayList<>(frozen.values.keySet());
    keys.sort(null);
  }

  @Override
  public long epoch() {
    return frozen.epoch;
  }

  @Override
  public long seq() {
    return frozen.seq;
  }

  @Override
  public long time() {
    return frozen.time;
  }

  @Override
  public long totalBytes() {
    return keys.size();
  }

  @Override
  public void next(Consumer<byte @Nullable []> chunk) {
    int from = next;
    next = Math.min(keys.size(), next + KEYS_PER_CHUNK);
    byte[] data = from == keys.size() ? null : encode(keys.subList(from, next));
    storage.server.process().post(storage.server.cluster.scheduler.between(50, 500), this,
        () -> chunk.accept(data));
  }

  @Override
  public void close() {}

  private byte[] encode(List<Bytes> some) {
    var out = new BinaryWriter();
    out.list(some, (w, key) -> {
      Value value = frozen.values.getOrDefault(key, Value.ABSENT);
      w.bytes(key.toArray()).varint(value.type()).varint(value.incarnation()).varint(value.modified())
          .fixed64(value.expireAt()).bytes(value.bytes().toArray());
    });
    return out.toArray();
  }

  static Map<Bytes, Value> decode(byte[] chunk) {
    var values = new HashMap<Bytes, Value>();
    new BinaryReader(chunk)
        .list(r -> values.put(Bytes.wrap(r.bytes()), new Value(r.integer(), r.varint(), r.varint(),
            r.fixed64(), Bytes.wrap(r.bytes()))));
    return values;
  }
}
