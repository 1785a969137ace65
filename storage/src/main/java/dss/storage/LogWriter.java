package dss.storage;

import dss.storage.Batch.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Writes batches and syncs them, then tells the loop: on the loop itself while the disk is quick, for handing over and
 * waking cost more than such an fsync; on a thread of its own, all that wait with one fsync per file, for a while after
 * one that was not, so that reads and beacons do not wait for the disk.
 * What failed once is never reported durable: not this batch, and none after it. Source: docs/adr, 0005.
 */
final class LogWriter implements AutoCloseable {
  private static final Batch STOP = new Batch(List.of(), 0, 0);
  /** An fsync that took longer keeps the next ones off the loop: ten times as long, twice that if it happens again. */
  private static final long QUICK_NANOS = 4_000_000;
  private static final int QUICK_BYTES = 1 << 20;
  private static final long SLOW_AT_MOST_NANOS = 1_000_000_000;

  private final LogDisk disk;
  private final Executor loop;
  private final Consumer<Batch> durable;
  private final Failure failure;
  private final LinkedBlockingQueue<Batch> queue = new LinkedBlockingQueue<>();
  private final Thread thread;
  /** Batches that the thread has; what is below belongs to it while there are any, else to the loop. */
  private final AtomicInteger onThread = new AtomicInteger();
  private long slowUntil = System.nanoTime();
  private long slowFor;

  /** What is of the disk is this writer's from now on. */
  LogWriter(LogDisk disk, Executor loop, Consumer<Batch> durable, Failure failure) {
    this.disk = disk;
    this.loop = loop;
    this.durable = durable;
    this.failure = failure;
    this.thread = Thread.ofPlatform().name("dss-log").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Loop only. */
  void write(Batch batch) {
    if (onThread.get() == 0 && isQuick(batch)) {
      var one = List.of(batch);
      if (!failure.failed() && bringToDisk(one)) {
        tell(one);
      }
    } else {
      onThread.incrementAndGet();
      queue.add(batch);
    }
  }

  private boolean isQuick(Batch batch) {
    for (Block block : batch.blocks()) {
      if (block.segment().file == null || block.to() - block.from() > QUICK_BYTES) {
        return false;
      }
    }
    return System.nanoTime() - slowUntil >= 0;
  }

  private void tell(List<Batch> done) {
    loop.execute(() -> done.forEach(durable));
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
      failure.fail("the log's thread is broken at log position " + disk.synced(), e);
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
      boolean done = !failure.failed() && !batches.isEmpty() && bringToDisk(batches);
      if (done) {
        tell(List.copyOf(batches));
      }
      // After telling: what the loop writes itself from now on is told behind it.
      onThread.addAndGet(-batches.size());
    }
  }

  private boolean bringToDisk(List<Batch> batches) {
    try {
      for (Batch batch : batches) {
        disk.write(batch);
      }
      took(disk.sync());
      return true;
    } catch (LogFault e) {
      failure.fail(e.what(), e.why());
      return false;
    }
  }

  private void took(long nanos) {
    if (nanos <= QUICK_NANOS) {
      slowFor = 0;
    } else {
      slowFor = Math.min(SLOW_AT_MOST_NANOS, Math.max(10 * nanos, 2 * slowFor));
      slowUntil = System.nanoTime() + slowFor;
    }
  }
}
