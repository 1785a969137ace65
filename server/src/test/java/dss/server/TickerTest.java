package dss.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TickerTest {
  private final EmbeddedChannel time = new EmbeddedChannel();
  private final AtomicInteger ticks = new AtomicInteger();
  private final Ticker ticker = new Ticker(time.eventLoop(), ticks::incrementAndGet);

  TickerTest() {
    time.freezeTime();
  }

  private void pass(int ms) {
    time.advanceTimeBy(ms, TimeUnit.MILLISECONDS);
    time.runScheduledPendingTasks();
  }

  @Test
  void whatIsWantedSooner_comesSooner_andOnce() {
    ticker.within(100);
    pass(50);
    ticker.within(20);
    pass(19);
    assertThat(ticks).hasValue(0);
    pass(1);
    assertThat(ticks).hasValue(1);
    pass(200);
    assertThat(ticks).hasValue(1);
  }

  @Test
  void whatIsWantedAgain_doesNotPutOffWhatIsPlanned() {
    ticker.within(20);
    pass(15);
    ticker.within(20);
    ticker.within(100);
    pass(5);
    assertThat(ticks).hasValue(1);
  }

  @Test
  void whatComesSoonAnyway_isNotPlannedAnew() {
    ticker.within(100);
    pass(99);
    ticker.within(20);
    pass(1);
    assertThat(ticks).hasValue(1);
    ticker.within(20);
    pass(20);
    assertThat(ticks).hasValue(2);
  }
}
