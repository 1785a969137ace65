package dss.storage;

import dss.storage.Batch.Block;
import dss.storage.LogFiles.LogFile;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Batches as blocks in files: written, then brought to the disk with one fsync a file. For one thread at a time.
 * Source: docs/formats.md (Log).
 */
final class LogDisk {
  private final LogFiles files;
  private final int segmentBytes;
  private final Counters counters;
  /** Preallocated files that wait to be used; their names are on disk. */
  private final Queue<String> spares = new ConcurrentLinkedQueue<>();
  private final Set<LogFile> touched = new LinkedHashSet<>();
  private long synced;
  private long written;
  private boolean named;

  LogDisk(LogFiles files, int segmentBytes, long synced, Counters counters) {
    this.files = files;
    this.segmentBytes = segmentBytes;
    this.synced = synced;
    this.written = synced;
    this.counters = counters;
  }

  /** For any thread. */
  Queue<String> spares() {
    return spares;
  }

  /** The log position that is on disk. */
  long synced() {
    return synced;
  }

  void write(Batch batch) throws LogFault {
    for (Block block : batch.blocks()) {
      write(block);
    }
    written = batch.endPosition();
  }

  private void write(Block block) throws LogFault {
    Segment segment = block.segment();
    int length = block.to() - block.from();
    try {
      LogFile file = fileOf(segment);
      BlockFormat.seal(block.memory(), block.from(), length, segment.number, segment.base + block.from(),
          synced);
      file.write(block.from(), block.memory(), block.from(), length);
      touched.add(file);
      counters.logBytes.add(length);
    } catch (IOException e) {
      throw new LogFault("log file " + segment.fileName() + ": writing " + length + " bytes at offset "
          + block.from() + " failed", e);
    }
  }

  private LogFile fileOf(Segment segment) throws IOException {
    LogFile open = segment.file;
    if (open != null) {
      return open;
    }
    String spare = segment.capacity == segmentBytes ? spares.poll() : null;
    LogFile file;
    if (spare != null) {
      files.rename(spare, segment.fileName());
      file = files.open(segment.fileName());
      counters.recycled.increment();
    } else {
      file = files.create(segment.fileName(), 0);
    }
    segment.file = file;
    named = true;
    return file;
  }

  /** All that was written is on disk when this returns; how long the slowest fsync took, nanoseconds. */
  long sync() throws LogFault {
    long slowest = 0;
    for (LogFile file : touched) {
      try {
        long from = System.nanoTime();
        file.sync();
        long took = System.nanoTime() - from;
        counters.fsynced(took);
        slowest = Math.max(slowest, took);
      } catch (IOException e) {
        throw new LogFault("log file " + file.name() + ": fsync failed at log position " + synced, e);
      }
    }
    touched.clear();
    if (named) {
      try {
        files.syncDirectory();
        named = false;
      } catch (IOException e) {
        throw new LogFault("log directory: fsync failed at log position " + synced, e);
      }
    }
    synced = written;
    return slowest;
  }
}
