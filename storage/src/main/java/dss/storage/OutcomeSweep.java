package dss.storage;

import dss.core.entry.Effect;
import dss.core.entry.RequestId;
import dss.core.entry.RequestWindow;
import dss.protocol.Slots;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Deletes outcomes nobody may ask for any more, some slots at a time: those that are too old, and those below what a
 * shard says of their client. On the flusher's thread. Source: docs/adr/0007.
 */
final class OutcomeSweep implements Flusher.Task {
  /** Slots looked through at a time, which is once a second: all of them in about nine minutes. */
  static final int SLOTS_AT_ONCE = 32;
  /** Then the flusher may have something else to do. */
  static final int DELETED_AT_ONCE = 20_000;

  private final Flusher flusher;
  private int next;

  OutcomeSweep(Flusher flusher) {
    this.flusher = flusher;
  }

  @Override
  public void run() throws RocksDBException {
    if (flusher.shards() == 0) {
      return;
    }
    try (var batch = new WriteBatch()) {
      for (int i = 0; i < SLOTS_AT_ONCE && batch.count() < DELETED_AT_ONCE; i++) {
        sweep(batch, next);
        // A slot with more than that is gone on with next time.
        next = batch.count() < DELETED_AT_ONCE ? (next + 1) % Slots.COUNT : next;
      }
      if (batch.count() > 0) {
        flusher.store().writeSometime(batch);
      }
    }
  }

  private void sweep(WriteBatch batch, int slot) throws RocksDBException {
    int slotsPerShard = Slots.COUNT / flusher.shards();
    int shard = slot / slotsPerShard;
    long oldest = flusher.record(shard).time() - RequestId.KEPT_MICROS;
    RequestId.Client client = null;
    RequestWindow window = RequestWindow.NONE;
    try (StoreView view = flusher.store().view(StoreKey.ofKind(slot, Effect.OUTCOMES),
        StoreKey.ofKind(slot, Effect.OUTCOMES + 1))) {
      for (; view.isValid() && batch.count() < DELETED_AT_ONCE; view.next()) {
        byte[] key = view.key();
        RequestId id = StoreKey.requestId(key);
        if (!id.client().equals(client)) {
          client = id.client();
          window = window(shard * slotsPerShard, id);
        }
        boolean forgotten = id.requestSeq() >= 0 && id.requestSeq() <= window.floor();
        if (forgotten || StoreValue.outcomeTime(view.value()) < oldest) {
          batch.delete(key);
        }
      }
    }
  }

  private RequestWindow window(int firstSlot, RequestId id) throws RocksDBException {
    byte @Nullable [] stored = flusher.store().get(StoreKey.of(Effect.OUTCOMES, firstSlot, id.windowKey()));
    return stored == null
        ? RequestWindow.NONE
        : RequestWindow.decode(StoreValue.read(Effect.OUTCOMES, stored).bytes());
  }
}
