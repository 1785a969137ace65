package dss.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.rocksdb.RocksDBException;

/** Freezes what is flushed of shards, for those who copy them. Made on the loop, run by the flusher. */
final class CopyOpening implements Flusher.Task {
  /** Somebody waits for the flushed state of a shard. */
  record CopyRequest(DiskShard shard, int life, Consumer<CopyOutReader.Frozen> opened) {}

  private final Flusher flusher;
  private final List<CopyRequest> requests;
  private final List<Runnable> opened = new ArrayList<>();

  CopyOpening(Flusher flusher, List<CopyRequest> requests) {
    this.flusher = flusher;
    this.requests = requests;
  }

  @Override
  public void run() throws RocksDBException {
    for (CopyRequest request : requests) {
      ShardRange range = flusher.range(request.shard().shard());
      ShardRecord record = flusher.record(range.shard());
      long bytes = flusher.store().sizes(List.of(range))[0];
      var frozen = new CopyOutReader.Frozen(flusher.store().view(range.from(), range.to()), record, bytes);
      opened.add(() -> request.opened().accept(frozen));
    }
  }

  /** To be run on the loop. */
  List<Runnable> opened() {
    return opened;
  }
}
