package dss.storage;

import dss.storage.Batch.Block;
import dss.storage.LogFiles.LogFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * The log's thread: writes batches and syncs them, all that wait with one fsync per file, then tells the loop.
 * What failed once is never reported durable: not this batch, and none after it.
 */
final class LogWriter implements AutoCloseable {
  private static final Batch STOP = new Batch(List.of(), 0, 0);

  private final LogFiles files;
  private final int segmentBytes;
  private final Executor loop;
  private final Consumer<Batch> durable;
  private final Counters counters;
  private final Failure failure;
  private final LinkedBlockingQueue<Batch> queue = new LinkedBlockingQueue<>();
  /** Preallocated files that wait to be used; their names are on disk. */
  private final ConcurrentLinkedQueue<String> spares = new ConcurrentLinkedQueue<>();
  private final Thread thread;
  private long synced;
  private boolean named;

  LogWriter(LogFiles files, int segmentBytes, long synced, Executor loop, Consumer<Batch> durable,
      Counters counters,
      Failure failure) {
    this.files = files;
    this.segmentBytes = segmentBytes;
    this.synced = synced;
    this.loop = loop;
    this.durable = durable;
    this.counters = counters;
    this.failure = failure;
    this.thread = Thread.ofPlatform().name("dss-log").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  void write(Batch batch) {
    queue.add(batch);
  }

  ConcurrentLinkedQueue<String> spares() {
    return spares;
  }

  /** Writes what is queued, then ends the thread. */
  @Override
  public void close() {
    queue.add(STOP);
    Threads.join(thread);
  }

  private void run() {
    try {
      writeUntilStopped();
    } catch (RuntimeException | Error e) {
      failure.fail("the log's thread is broken at log position " + synced, e);
      throw e;
    }
  }

  private void writeUntilStopped() {
    var batches = new ArrayList<Batch>();
    boolean stop = false;
    while (!stop) {
      batches.clear();
      batches.add(Threads.take(queue));
      queue.drainTo(batches);
      stop = batches.remove(STOP);
      if (!failure.failed() && !batches.isEmpty() && bringToDisk(batches)) {
        var done = List.copyOf(batches);
        loop.execute(() -> done.forEach(durable));
      }
    }
  }

  private boolean bringToDisk(List<Batch> batches) {
    var touched = new LinkedHashSet<LogFile>();
    for (Batch batch : batches) {
      for (Block block : batch.blocks()) {
        if (!write(block, touched)) {
          return false;
        }
      }
    }
    if (!sync(touched)) {
      return false;
    }
    synced = batches.getLast().endPosition();
    return true;
  }

  private boolean write(Block block, Set<LogFile> touched) {
    Segment segment = block.segment();
    int length = block.to() - block.from();
    try {
      LogFile file = fileOf(segment);
      BlockFormat.seal(block.memory(), block.from(), length, segment.number, segment.base + block.from(),
          synced);
      file.write(block.from(), block.memory(), block.from(), length);
      touched.add(file);
      counters.logBytes.add(length);
      return true;
    } catch (IOException e) {
      failure
          .fail("log file " + segment.fileName() + ": writing " + length + " bytes at offset " + block.from()
              + " failed", e);
      return false;
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

  private boolean sync(Set<LogFile> touched) {
    for (LogFile file : touched) {
      try {
        long from = System.nanoTime();
        file.sync();
        counters.fsynced(System.nanoTime() - from);
      } catch (IOException e) {
        failure.fail("log file " + file.name() + ": fsync failed at log position " + synced, e);
        return false;
      }
    }
    if (named) {
      try {
        files.syncDirectory();
        named = false;
      } catch (IOException e) {
        failure.fail("log directory: fsync failed at log position " + synced, e);
        return false;
      }
    }
    return true;
  }
}
