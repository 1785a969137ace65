package dss.core.storage;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A frozen view of a copy at its flushed position, read from front to back. Loop only; callbacks on the loop. */
public interface CopyReader {
  /** The position that the chunks together make: epoch, seq and hybrid time of the last entry in them. */
  long epoch();

  long seq();

  long time();

  /** Bytes to come in all, roughly: for progress. */
  long totalBytes();

  /** The next chunk, at most about 192 KiB unless one record alone is larger; null after the last. */
  void next(Consumer<byte @Nullable []> chunk);

  void close();
}
