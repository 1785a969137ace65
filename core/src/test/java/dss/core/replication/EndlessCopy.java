package dss.core.replication;

import dss.core.storage.CopyReader;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A copy of a store that never comes to its end. */
record EndlessCopy(long seq, int chunkBytes) implements CopyReader {
  @Override
  public long epoch() {
    return 1;
  }

  @Override
  public long time() {
    return 1;
  }

  @Override
  public long totalBytes() {
    return 1L << 40;
  }

  @Override
  public void next(Consumer<byte @Nullable []> chunk) {
    chunk.accept(new byte[chunkBytes]);
  }

  @Override
  public void close() {}
}
