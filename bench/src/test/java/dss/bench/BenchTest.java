package dss.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dss.protocol.Reply;
import dss.protocol.Slots;
import dss.wire.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The load generator against servers that answer as they are told. */
@Timeout(60)
class BenchTest {
  private static final int HALF = Slots.COUNT / 2;

  private final Transport transport = Transport.create("fake", 2);
  private FakeServer first;
  private FakeServer second;

  @SuppressWarnings("NullAway.Init")
  BenchTest() {}

  @BeforeEach
  void begin() throws IOException {
    first = new FakeServer(transport);
    second = new FakeServer(transport);
  }

  @AfterEach
  void end() {
    first.close();
    second.close();
    transport.close();
  }

  private void makeCluster() {
    first.slots = () -> Reply.array(first.owns(0, HALF - 1), second.owns(HALF, Slots.COUNT - 1));
    second.slots = first.slots;
  }

  private BenchReport run(Load load, KeySpace keys) throws IOException, InterruptedException {
    return new Bench(new BenchSettings(Protocol.REDIS, List.of(first.endpoint), load, keys, List.of(), 1),
        (done, what) -> {})
        .run();
  }

  private static KeySpace keys(long count) {
    return new KeySpace(count, Distribution.UNIFORM, 1, 20);
  }

  private static Load requests(String mix, int connections, int pipeline, long requests) {
    return new Load(Mix.parse(mix), connections, pipeline, 1, 0, requests, Duration.ZERO, Duration.ZERO,
        Duration.ofSeconds(5), false, Load.Clients.USUAL);
  }

  private static Load open(double rate, Duration time) {
    return new Load(Mix.parse("get"), 4, 1, 1, rate, 0, time, Duration.ZERO, Duration.ofSeconds(5), false,
        Load.Clients.USUAL);
  }

  @Test
  void oneServerWithoutClusterMode_getsExactlyWhatWasAsked() throws Exception {
    BenchReport report = run(requests("set=1,get=1,incr=1,mset=1,append=1,del=1", 5, 3, 5000), keys(100));
    assertThat(report.cluster()).isFalse();
    assertThat(report.all().operations()).isEqualTo(5000);
    assertThat(report.all().errors()).isZero();
    assertThat(report.kinds()).hasSize(6).allMatch(kind -> kind.operations() > 500);
    assertThat(first.requests).hasValue(5000);
    assertThat(report.perSecond().stream().mapToLong(Second::operations).sum()).isEqualTo(5000);
  }

  @Test
  void aCluster_isFilledWithoutARedirect_byTwoLoops() throws Exception {
    makeCluster();
    var load = new Load(Mix.parse("get"), 6, 2, 2, 0, 3000, Duration.ZERO, Duration.ZERO,
        Duration.ofSeconds(5), true, Load.Clients.USUAL);
    BenchReport report = run(load, keys(2000));
    assertThat(report.redirects()).isZero();
    assertThat(report.fill()).isNotNull();
    assertThat(first.store.size() + second.store.size()).isEqualTo(2000);
    assertThat(first.store.keySet()).allMatch(key -> Slots.of(key) < HALF);
    assertThat(second.store.keySet()).hasSizeBetween(800, 1200);
    assertThat(report.all().operations()).isEqualTo(3000);
    assertThat(report.all().absent()).isZero();
  }

  @Test
  void aSlotThatMoved_isFollowed_andTheMapAskedForAgain() throws Exception {
    makeCluster();
    first.rule = request -> {
      // The second server has it all, and the map says so once this was met.
      first.slots = () -> Reply.array(second.owns(0, Slots.COUNT - 1));
      return Reply.error("MOVED " + Slots.of(request.get(1)) + " " + second.endpoint);
    };
    BenchReport report = run(requests("set", 4, 1, 3000), keys(1000));
    assertThat(report.all().operations()).isEqualTo(3000);
    assertThat(report.all().errors()).isZero();
    assertThat(report.redirects()).isPositive();
    assertThat(first.store).isEmpty();
  }

  @Test
  void notNow_isTriedAgain_andOtherErrorsAreCounted() throws Exception {
    var count = new AtomicInteger();
    first.rule = request -> switch (count.incrementAndGet()) {
      case 10, 11 -> Reply.error("TRYAGAIN SERVER_WRITE_LOCK wait");
      case 20 -> Reply.error("LOADING the data set");
      case 30, 31, 32 -> Reply.error("OOM disk");
      default -> null;
    };
    BenchReport report = run(requests("set", 2, 1, 200), keys(50));
    assertThat(report.all().operations()).isEqualTo(197);
    assertThat(report.all().errors()).isEqualTo(3);
    assertThat(report.errors()).containsOnlyKeys("OOM").containsEntry("OOM", 3L);
    assertThat(report.examples()).containsEntry("OOM", "OOM disk");
    assertThat(report.retries()).containsEntry("TRYAGAIN", 2L).containsEntry("LOADING", 1L);
    assertThat(report.all().maxMs()).as("a retry counts from the first attempt").isGreaterThan(10);
  }

  @Test
  void aLostConnection_isMadeAgain_andItsRequestSentAgain() throws Exception {
    var count = new AtomicInteger();
    first.rule = request -> count.incrementAndGet() == 50 ? FakeServer.CLOSE : null;
    BenchReport report = run(requests("set", 3, 1, 500), keys(50));
    assertThat(report.all().operations()).isEqualTo(500);
    assertThat(report.reconnects()).isEqualTo(1);
    assertThat(report.retries()).containsEntry("DISCONNECTED", 1L);
  }

  @Test
  void aServerThatIsSilent_isAskedAgainOnAnotherConnection() throws Exception {
    var count = new AtomicInteger();
    first.rule = request -> count.incrementAndGet() == 30 ? FakeServer.SILENCE : null;
    var load = new Load(Mix.parse("set"), 2, 1, 1, 0, 100, Duration.ZERO, Duration.ZERO,
        Duration.ofMillis(300), false, Load.Clients.USUAL);
    BenchReport report = run(load, keys(50));
    assertThat(report.all().operations()).isEqualTo(100);
    assertThat(report.reconnects()).isEqualTo(1);
    assertThat(report.all().maxMs()).isGreaterThan(300);
  }

  private static Load clients(int count, boolean reconnect, long requests) {
    return new Load(Mix.parse("set"), count, 1, 1, 0, requests, Duration.ZERO, Duration.ZERO,
        Duration.ofSeconds(5), false, new Load.Clients(true, reconnect));
  }

  @Test
  void clientsThatRoam_haveOneOperationAtATime_whicheverServerItIsFor() throws Exception {
    makeCluster();
    first.delayMs = 1;
    second.delayMs = 1;
    BenchReport report = run(clients(1, false, 200), keys(500));
    assertThat(report.all().operations()).isEqualTo(200);
    assertThat(report.redirects()).isZero();
    assertThat(report.connections()).as("one to each server").isEqualTo(2);
    assertThat(first.requests.get()).isBetween(50, 150);
    assertThat(report.seconds()).as("one after the other").isGreaterThan(0.2);
  }

  @Test
  void severalClientsThatRoam_doTheirOperationsAtOnce() throws Exception {
    makeCluster();
    first.delayMs = 2;
    second.delayMs = 2;
    BenchReport report = run(clients(5, false, 500), keys(500));
    assertThat(report.all().operations()).isEqualTo(500);
    assertThat(report.connections()).isEqualTo(10);
    assertThat(report.seconds()).isLessThan(500 * 0.002);
  }

  @Test
  void aReconnectingClient_makesANewConnectionForEachOperation() throws Exception {
    makeCluster();
    int before = first.connections.get() + second.connections.get();
    BenchReport report = run(clients(3, true, 400), keys(500));
    assertThat(report.all().operations()).isEqualTo(400);
    assertThat(report.reconnects()).as("none was lost").isZero();
    int made = first.connections.get() + second.connections.get() - before;
    // One asks for the slots, six are made at the start.
    assertThat(made).isEqualTo(1 + 6 + 400);
  }

  @Test
  void connectionsThatStayWithTheirServers_canReconnectForEachBatchToo() throws Exception {
    makeCluster();
    var load = new Load(Mix.parse("set"), 4, 5, 1, 0, 400, Duration.ZERO, Duration.ZERO,
        Duration.ofSeconds(5), false, new Load.Clients(false, true));
    BenchReport report = run(load, keys(500));
    assertThat(report.all().operations()).isEqualTo(400);
    assertThat(first.connections.get() + second.connections.get()).isBetween(80, 200);
  }

  @Test
  void aNewConnectionThatIsClosed_isMadeAgain() throws Exception {
    var count = new AtomicInteger();
    first.rule = request -> count.incrementAndGet() == 50 ? FakeServer.CLOSE : null;
    BenchReport report = run(clients(2, true, 200), keys(50));
    assertThat(report.all().operations()).isEqualTo(200);
    assertThat(report.retries()).containsEntry("DISCONNECTED", 1L);
  }

  private Void secondIsAwayUntilTheMapIsAskedForAgain() {
    second.goesAway();
    var asked = new CountDownLatch(1);
    Supplier<Reply> map = first.slots;
    first.slots = () -> {
      asked.countDown();
      return map.get();
    };
    try {
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      second.comesBack();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return null;
  }

  @Test
  void whatCouldNotBeSentForWantOfAConnection_isSentOnceLater() throws Exception {
    makeCluster();
    var count = new AtomicInteger();
    var away = new CompletableFuture<Void>();
    first.rule = request -> {
      if (count.incrementAndGet() == 20) {
        away.completeAsync(this::secondIsAwayUntilTheMapIsAskedForAgain);
      }
      return null;
    };
    BenchReport report = run(clients(4, true, 400), keys(500));
    away.get(10, TimeUnit.SECONDS);
    assertThat(report.all().operations()).isEqualTo(400);
    assertThat(report.retries()).containsKey("DISCONNECTED");
    assertThat(first.mostOverOne).hasValue(1);
    assertThat(second.mostOverOne).hasValue(1);
  }

  @Test
  void anOpenLoop_keepsItsRate_andItsLatencyIsThatOfTheServer() throws Exception {
    BenchReport report = run(open(500, Duration.ofSeconds(1)), keys(50));
    assertThat(report.all().operations()).isEqualTo(500);
    assertThat(report.unsent()).isZero();
    assertThat(report.all().absent()).isEqualTo(500);
  }

  @Test
  void anOpenLoopOfSlowReplies_countsTheWaiting() throws Exception {
    first.delayMs = 20;
    // Four connections do 200 a second at most.
    BenchReport report = run(open(400, Duration.ofSeconds(1)), keys(50));
    assertThat(report.all().operations()).isEqualTo(400);
    assertThat(report.seconds()).as("what was due is still sent").isGreaterThan(1.5);
    assertThat(report.all().maxMs()).as("far more than the 20 ms of a reply").isGreaterThan(500);
  }

  @Test
  void whatCannotBeSentAfterTheEnd_isCounted() throws Exception {
    first.delayMs = 400;
    BenchReport report = run(open(500, Duration.ofMillis(200)), keys(50));
    assertThat(report.all().operations() + report.unsent() + report.unanswered()).isEqualTo(100);
    assertThat(report.unsent()).isPositive();
  }

  @Test
  void whereAllFails_theReportSaysSo() throws Exception {
    first.rule = request -> Reply.error("WRONGTYPE not this");
    BenchReport report = run(requests("incr", 2, 4, 100), keys(50));
    assertThat(report.all().operations()).isZero();
    assertThat(report.all().errors()).isEqualTo(100);
  }

  @Test
  void whereNobodyListens_nobodyAnswers() {
    Endpoint gone = first.endpoint;
    first.close();
    var settings = new BenchSettings(Protocol.REDIS, List.of(gone), requests("set", 1, 1, 1), keys(1),
        List.of(), 1);
    assertThatThrownBy(() -> new Bench(settings, (done, what) -> {}).run()).isInstanceOf(NobodyAnswers.class)
        .hasMessageContaining(gone.toString());
  }
}
