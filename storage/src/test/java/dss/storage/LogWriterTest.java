package dss.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.entry.Effect;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where fsyncs run: on the loop while the disk is quick, on the log's thread after one that was not. */
class LogWriterTest {
  private static final String LOOP = "loop";
  private static final String LOG = "dss-log";
  private static final long SLOW_NANOS = 20_000_000;

  @TempDir
  Path directory;

  private final List<String> threads = new CopyOnWriteArrayList<>();
  private volatile boolean slow;

  private boolean syncing(String name) {
    if (name.startsWith("segment-")) {
      threads.add(Thread.currentThread().getName());
      long until = System.nanoTime() + SLOW_NANOS;
      while (slow && System.nanoTime() < until) {
        LockSupport.parkNanos(until - System.nanoTime());
      }
    }
    return false;
  }

  private String threadOfNextSync(Bench bench) {
    threads.clear();
    bench.write(3, Effect.clear(3 * 1024));
    return threads.getFirst();
  }

  @Test
  void aSlowFsync_keepsTheNextOffTheLoop_forTenTimesAsLong() {
    var files = new SimulatedLogFiles();
    try (var bench = new Bench(directory, Bench.SMALL, files)) {
      bench.create(3);
      files.failSync = this::syncing;
      assertThat(threadOfNextSync(bench)).as("a segment's first batch makes its file").isEqualTo(LOG);
      Bench.until("quick", () -> LOOP.equals(threadOfNextSync(bench)));
      slow = true;
      long from = System.nanoTime();
      threadOfNextSync(bench);
      slow = false;
      String next = threadOfNextSync(bench);
      boolean soon = System.nanoTime() - from < 10 * SLOW_NANOS;
      assertThat(next).isEqualTo(soon ? LOG : next);
      Bench.until("quick again", () -> LOOP.equals(threadOfNextSync(bench)));
    }
  }

  @Test
  void aFailedFsyncOnTheLoop_isNeverReportedDurable() {
    var files = new SimulatedLogFiles();
    var bench = new Bench(directory, Bench.SMALL, files);
    bench.create(3);
    Bench.until("quick", () -> {
      files.failSync = this::syncing;
      return LOOP.equals(threadOfNextSync(bench));
    });
    int before = bench.synced.get();
    files.failSync = name -> name.startsWith("segment-");
    bench.run(() -> {
      bench.appendHere(3, 1, List.of());
      bench.storage.sync();
    });
    Bench.until("said", () -> !bench.fatal.isEmpty());
    files.failSync = name -> false;
    bench.run(() -> {
      bench.appendHere(3, 1, List.of());
      bench.storage.sync();
    });
    assertThat(bench.on(() -> bench.storage.shard(3).durableSeq() < bench.storage.shard(3).lastSeq() - 1))
        .isTrue();
    assertThat(bench.synced.get()).isEqualTo(before);
    assertThat(bench.fatal).hasSize(1).first().asString().contains("fsync failed at log position");
    bench.close();
  }

  /** The loop may write at the very moment at which the log's thread has something to tell. */
  @Test
  void batchesAreTold_inTheOrderInWhichTheyWereHandedOver() {
    var told = new CopyOnWriteArrayList<Batch>();
    var segment = new Segment(1, 0, new byte[8192], 8192);
    var batches = List.of(batch(segment, 0), batch(segment, 4096));
    var writers = new CopyOnWriteArrayList<LogWriter>();
    Executor loop = task -> {
      if (Thread.currentThread().getName().equals(LOG) && writers.size() == 1) {
        writers.add(writers.getFirst());
        writers.getFirst().write(batches.getLast());
      }
      task.run();
    };
    var writer = new LogWriter(new LogDisk(new SimulatedLogFiles(), 8192, 0, new Counters()), loop, told::add,
        new Failure(message -> {}));
    writers.add(writer);
    writer.start();
    writer.write(batches.getFirst());
    Bench.until("both are told", () -> told.size() == 2);
    writer.close();
    assertThat(told).containsExactlyElementsOf(batches);
  }

  private static Batch batch(Segment segment, int from) {
    int to = from + 4096;
    return new Batch(List.of(new Batch.Block(segment, segment.memory, from, to)), Place.of(1, to), to);
  }
}
