package dss.storage;

import dss.core.entry.Effect;
import dss.core.storage.Value;
import dss.protocol.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is applied of one shard and not in the store: the part that grows, and while a flush is under way the part that it
 * writes. Of keys, what was flushed last is remembered as long as the log's memory of it lasts: reading it there costs a
 * tenth of asking the store. (Outcomes of requests are not: the store forgets them by itself.) Loop only.
 */
final class Unflushed {
  /** It does not know: ask the store. */
  static final Value NOT_HERE = new Value(0, 0, -2, Effect.NEVER, Bytes.EMPTY);

  /** Each is one more look where a key is in none of them. */
  private static final int RECENT = 4;

  private final SegmentTable table;
  private final boolean keepsRecent;
  private final TablePool pool;
  private MemIndex active;
  private boolean activeCleared;
  private @Nullable MemIndex sealed;
  private boolean sealedCleared;
  /** What was flushed by the last flushes, the newest first. */
  private final List<MemIndex> recent = new ArrayList<>(0);

  /** @param keepsRecent whether what was flushed is remembered */
  Unflushed(SegmentTable table, TablePool pool, boolean keepsRecent) {
    this.table = table;
    this.pool = pool;
    this.active = new MemIndex(pool, 0);
    this.keepsRecent = keepsRecent;
  }

  /** The effect at {@code at} of an array, which lies at that place of the log. */
  void put(byte[] array, int at, long place) {
    active.put(table, array, at, place);
  }

  /** All that was before is gone, in the store too. */
  void clear() {
    active.letGo();
    active = new MemIndex(pool, 0);
    activeCleared = true;
  }

  /** Nothing is known any more. */
  void reset() {
    active.letGo();
    active = new MemIndex(pool, 0);
    activeCleared = false;
    // A flush may be reading it.
    sealed = null;
    sealedCleared = false;
    keepRecent(0);
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
    if (ref == 0 && kind == Effect.HEADER) {
      ref = findRecent(kind, slot, hash, key);
    }
    return ref == 0 ? NOT_HERE : StoreValue.read(table.memory(ref), Place.offset(ref));
  }

  private long findRecent(int kind, int slot, int hash, Bytes key) {
    long ref = 0;
    for (int i = 0; ref == 0 && i < recent.size(); i++) {
      ref = recent.get(i).find(table, kind, slot, hash, key);
    }
    return ref;
  }

  /** A flush begins: it writes {@link #sealed()} while another part grows. */
  void seal() {
    sealed = active;
    sealedCleared = activeCleared;
    active = new MemIndex(pool, active.size());
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
    MemIndex written = sealed();
    if (sealedCleared) {
      keepRecent(0);
    }
    if (keepsRecent && written.size() > 0) {
      keepRecent(RECENT - 1);
      recent.addFirst(written);
    } else {
      written.letGo();
    }
    sealed = null;
    sealedCleared = false;
  }

  /**
   * Segments up to this one leave the memory. What is older than a part that must go goes too: a key of that part would
   * show what it was before.
   */
  void forgetRecent(long segment) {
    for (int i = 0; i < recent.size(); i++) {
      if (recent.get(i).oldestSegment() <= segment) {
        keepRecent(i);
        return;
      }
    }
  }

  private void keepRecent(int most) {
    while (recent.size() > most) {
      recent.removeLast().letGo();
    }
  }

  /** For another thread. */
  ShardSnapshot snapshot(int shard) {
    return new ShardSnapshot(shard, table.copy(), active.copy(), activeCleared, sealed, sealedCleared);
  }
}
