package dss.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The flusher rests while it flushes, but not while something waits for it. */
@SuppressWarnings("NullAway.Init")
class FlusherTest {
  private static final long LONG = TimeUnit.MINUTES.toNanos(5);

  @TempDir
  Path directory;
  private RocksStore store;
  private Flusher flusher;

  @BeforeEach
  void open() throws Exception {
    store = new RocksStore(directory.resolve("store"), directory.resolve("ingest"), 1 << 20, 1 << 20);
    flusher = new Flusher(store, 0, new Failure(message -> {}));
    flusher.start();
  }

  @AfterEach
  void close() {
    flusher.close();
    store.close();
  }

  private void restFor(long nanos, CountDownLatch begun, CountDownLatch ended) {
    flusher.execute(() -> {
      begun.countDown();
      flusher.rest(nanos);
      ended.countDown();
    });
  }

  @Test
  void aRest_endsWhenSomethingIsToBeDone() throws Exception {
    var begun = new CountDownLatch(1);
    var ended = new CountDownLatch(1);
    restFor(LONG, begun, ended);
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    var done = new CountDownLatch(1);
    flusher.execute(done::countDown);
    assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(ended.getCount()).isZero();
  }

  @Test
  void aRest_doesNotEndForWhatCanWait_whichIsDoneOnceAfterwards() throws Exception {
    var begun = new CountDownLatch(1);
    var ended = new CountDownLatch(1);
    var sweeps = new AtomicInteger();
    var swept = new CountDownLatch(1);
    long begin = System.nanoTime();
    restFor(50_000_000, begun, ended);
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    for (int i = 0; i < 5; i++) {
      flusher.executeAtLeisure(() -> {
        sweeps.incrementAndGet();
        swept.countDown();
      });
    }
    assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(50_000_000);
    var last = new CountDownLatch(1);
    assertThat(swept.await(10, TimeUnit.SECONDS)).isTrue();
    flusher.execute(last::countDown);
    assertThat(last.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(sweeps).hasValue(1);
  }

  @Test
  void aRest_endsWhenTheFlusherDoes() throws Exception {
    var begun = new CountDownLatch(1);
    var ended = new CountDownLatch(1);
    restFor(LONG, begun, ended);
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    flusher.close();
    assertThat(ended.getCount()).isZero();
  }

  @Test
  void aRest_lastsAsLongAsItShould() throws Exception {
    var ended = new CountDownLatch(1);
    long begin = System.nanoTime();
    restFor(30_000_000, new CountDownLatch(1), ended);
    assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(30_000_000);
  }
}
