package dss.storage;

import dss.core.entry.Effect;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What is applied of one shard and not in the store: the part that grows, and while a flush is under way the part that it
 * writes. Of keys, what was flushed last is remembered as long as the log's memory of it lasts: reading it there costs a
 * tenth of asking the store. (Outcomes of requests are not: the store forgets them by itself.) Loop only.
 */
final class Unflushed {
  /** It does not know: ask the store. */
  static final Value NOT_HERE = new Value(0, 0, -2, Effect.NEVER, Bytes.EMPTY);

  private final SegmentTable table;
  private final boolean keepsRecent;
  private MemIndex active = new MemIndex(0);
  private boolean activeCleared;
  private @Nullable MemIndex sealed;
  private boolean sealedCleared;
  private @Nullable MemIndex recent;

  /** @param keepsRecent whether what was flushed is remembered */
  Unflushed(SegmentTable table, boolean keepsRecent) {
    this.table = table;
    this.keepsRecent = keepsRecent;
  }

  /** The effect at {@code at} of an array, which lies at that place of the log. */
  void put(byte[] array, int at, long place) {
    active.put(table, array, at, place);
  }

  /** All that was before is gone, in the store too. */
  void clear() {
    active = new MemIndex(0);
    activeCleared = true;
  }

  /** Nothing is known any more. */
  void reset() {
    active = new MemIndex(0);
    activeCleared = false;
    flushed();
    recent = null;
  }

  Value get(int kind, int slot, int hash, Bytes key) {
    long ref = active.find(table, kind, slot, hash, key);
    MemIndex older = sealed;
    if (ref == 0 && activeCleared) {
      return Value.ABSENT;
    }
    if (ref == 0 && older != null) {
      ref = older.find(table, kind, slot, hash, key);
      if (ref == 0 && sealedCleared) {
        return Value.ABSENT;
      }
    }
    MemIndex oldest = recent;
    if (ref == 0 && oldest != null && kind == Effect.HEADER) {
      ref = oldest.find(table, kind, slot, hash, key);
    }
    return ref == 0 ? NOT_HERE : StoreValue.read(table.memory(ref), Place.offset(ref));
  }

  /** A flush begins: it writes {@link #sealed()} while another part grows. */
  void seal() {
    sealed = active;
    sealedCleared = activeCleared;
    active = new MemIndex(active.size());
    activeCleared = false;
  }

  MemIndex sealed() {
    return java.util.Objects.requireNonNull(sealed);
  }

  boolean sealedCleared() {
    return sealedCleared;
  }

  /** The sealed part is in the store. */
  void flushed() {
    recent = keepsRecent ? sealed : null;
    sealed = null;
    sealedCleared = false;
  }

  /** Segments up to this one leave the memory. */
  void forgetRecent(long segment) {
    if (recent != null && recent.oldestSegment() <= segment) {
      recent = null;
    }
  }

  /** For another thread. */
  ShardSnapshot snapshot(int shard) {
    return new ShardSnapshot(shard, table.copy(), active.copy(), activeCleared, sealed, sealedCleared);
  }
}
