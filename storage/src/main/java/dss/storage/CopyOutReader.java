package dss.storage;

import dss.core.storage.CopyReader;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** Reads a frozen shard for somebody who copies it, on a reader's thread. */
final class CopyOutReader implements CopyReader {
  /** A shard as its last flush left it. */
  record Frozen(StoreView view, ShardRecord record, long bytes) {}

  private final Frozen frozen;
  private final Executor readers;
  private final Executor loop;
  private final Failure failure;
  private final Consumer<CopyOutReader> ended;
  /** Guarded by this: a chunk may be under way when it is closed. */
  private boolean viewClosed;
  private boolean closed;

  CopyOutReader(Frozen frozen, Executor readers, Executor loop, Failure failure,
      Consumer<CopyOutReader> ended) {
    this.frozen = frozen;
    this.readers = readers;
    this.loop = loop;
    this.failure = failure;
    this.ended = ended;
  }

  @Override
  public long epoch() {
    return frozen.record.epoch();
  }

  @Override
  public long seq() {
    return frozen.record.seq();
  }

  @Override
  public long time() {
    return frozen.record.time();
  }

  @Override
  public long totalBytes() {
    return frozen.bytes;
  }

  @Override
  public void next(Consumer<byte @Nullable []> chunk) {
    if (closed) {
      return;
    }
    readers.execute(() -> {
      byte[] read = read();
      if (read != null) {
        loop.execute(() -> {
          if (!closed) {
            chunk.accept(read.length == 0 ? null : read);
          }
        });
      }
    });
  }

  private synchronized byte @Nullable [] read() {
    if (viewClosed) {
      return null;
    }
    try {
      return CopyChunks.read(frozen.view);
    } catch (RocksDBException e) {
      failure.fail("the store could not be read for a copy", e);
      return null;
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      ended.accept(this);
      readers.execute(this::closeView);
    }
  }

  /** Any thread. */
  synchronized void closeView() {
    if (!viewClosed) {
      viewClosed = true;
      frozen.view.close();
    }
  }
}
