package dss.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dss.protocol.Reply;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DealerTest {
  private static final long MS = 1_000_000;
  private static final KeySpace ONE = new KeySpace(1, Distribution.UNIFORM, 1, 1);

  private final RequestForm[] forms = java.util.Arrays.stream(Kind.values())
      .map(kind -> new RequestForm(Protocol.REDIS, kind, ONE, new ValuePool(1, 1)))
      .toArray(RequestForm[]::new);

  private static Reply arc(int from, int to, int port) {
    return Reply.array(Reply.integer(from), Reply.integer(to),
        Reply.array(Reply.bulk("127.0.0.1"), Reply.integer(port)));
  }

  private static ClusterMap threeServers() {
    return ClusterMap.of(Reply.array(arc(0, 5000, 1), arc(5001, 10000, 2), arc(10001, 16383, 3)),
        new Endpoint("127.0.0.1", 1));
  }

  private static BenchSettings settings(long keys, long requests, double rate) {
    var load = new Load(Mix.of(Kind.SET), 3, 1, 1, rate, requests, Duration.ZERO, Duration.ZERO,
        Duration.ofSeconds(5), false, Load.Clients.USUAL);
    return new BenchSettings(Protocol.REDIS, List.of(new Endpoint("127.0.0.1", 1)), load,
        new KeySpace(keys, Distribution.UNIFORM, 1, 1), List.of(), 9);
  }

  private Dealer dealer(Phase phase, BenchSettings settings, Routes routes) {
    return new Dealer(phase, settings, routes, forms, 0, 0);
  }

  @Test
  void filling_dealsEachKeyOnce_toTheServerThatOwnsIt() {
    BenchSettings settings = settings(20_000, 1, 0);
    var routes = new Routes(threeServers());
    Dealer dealer = dealer(Phase.fill(settings.keySpace()), settings, routes);
    Set<Long> dealt = new HashSet<>();
    boolean any = true;
    while (any) {
      any = false;
      // The first server is the slowest: what is drawn for it waits, and nothing of it is left out.
      for (int turn = 0; turn < 40; turn++) {
        Lane lane = routes.lanes().get(turn == 0 ? 0 : 1 + turn % 2);
        if (dealer.deal(lane, 0)) {
          any = true;
          assertThat(routes.lane(forms[0], dealer.key)).isSameAs(lane);
          assertThat(dealt.add(dealer.key)).as("key %d is new", dealer.key).isTrue();
          dealer.finished();
        }
      }
    }
    assertThat(dealt).hasSize(20_000);
    assertThat(dealer.isDone(0, false)).isTrue();
  }

  @Test
  void requests_areDealtToTheLastOne_thoughSomeWereDrawnForOthers() {
    BenchSettings settings = settings(1000, 777, 0);
    var routes = new Routes(threeServers());
    Dealer dealer = dealer(Phase.measured(settings), settings, routes);
    int dealt = 0;
    for (int turn = 0; turn < 5000; turn++) {
      if (dealer.deal(routes.lanes().get(turn % 3), 0)) {
        dealt++;
        dealer.finished();
      }
    }
    assertThat(dealt).isEqualTo(777);
    assertThat(dealer.isDone(0, false)).isTrue();
  }

  @Test
  void inAnOpenLoop_latencyCountsFromWhenAnOperationWasDue() {
    BenchSettings settings = settings(1000, 100, 1000);
    var routes = new Routes(ClusterMap.single(new Endpoint("127.0.0.1", 1)));
    Lane lane = routes.lanes().get(0);
    Dealer dealer = dealer(Phase.measured(settings), settings, routes);
    var totals = new Totals(1);
    var tally = new Tally(totals, 0);

    dealer.arrive(0);
    assertThat(dealer.deal(lane, 0)).isTrue();
    assertThat(dealer.deal(lane, 0)).as("one a millisecond").isFalse();
    assertThat(dealer.nextArrival()).isEqualTo(MS);

    // The server stalls for 50 ms: fifty operations have become due meanwhile and wait for it.
    long now = 50 * MS;
    tally.done(Kind.SET, dealer.start, now);
    dealer.finished();
    dealer.arrive(now);
    int late = 0;
    while (dealer.deal(lane, now)) {
      assertThat(dealer.start).isEqualTo((late + 1) * MS);
      tally.done(Kind.SET, dealer.start, now);
      dealer.finished();
      late++;
    }
    tally.end(now);
    totals.end();
    assertThat(late).isEqualTo(50);
    var latencies = totals.latencies(Kind.SET);
    assertThat(latencies.getMaxValue() / MS).isBetween(49L, 51L);
    assertThat(latencies.getValueAtPercentile(50) / MS).isBetween(23L, 27L);
  }

  @Test
  void whatWasDueBeforeTheEnd_isSentAfterIt_andCountedWhereItCouldNotBe() {
    BenchSettings base = settings(1000, 1, 1000);
    var routes = new Routes(ClusterMap.single(new Endpoint("127.0.0.1", 1)));
    Phase phase = new Phase("measuring", Mix.of(Kind.SET), Distribution.UNIFORM, Phase.UNBOUNDED, 20 * MS,
        1000);
    Dealer dealer = dealer(phase, base, routes);
    dealer.arrive(100 * MS);
    assertThat(dealer.isOver(100 * MS)).isTrue();
    assertThat(dealer.nextArrival()).isEqualTo(Phase.UNBOUNDED);
    assertThat(dealer.deal(routes.lanes().get(0), 100 * MS)).isTrue();
    dealer.finished();
    assertThat(dealer.isDone(100 * MS, false)).isFalse();
    dealer.end();
    assertThat(dealer.unsent()).isEqualTo(19);
  }

  @Test
  void aClosedLoop_dealsNothingAfterItsEnd() {
    BenchSettings base = settings(1000, 1, 0);
    var routes = new Routes(ClusterMap.single(new Endpoint("127.0.0.1", 1)));
    Phase phase = new Phase("measuring", Mix.of(Kind.SET), Distribution.UNIFORM, Phase.UNBOUNDED, 20 * MS, 0);
    Dealer dealer = dealer(phase, base, routes);
    assertThat(dealer.deal(routes.lanes().get(0), 19 * MS)).isTrue();
    assertThat(dealer.deal(routes.lanes().get(0), 20 * MS)).isFalse();
    assertThat(dealer.isDone(20 * MS, true)).isFalse();
    assertThat(dealer.isDone(20 * MS, false)).isTrue();
  }

  @Test
  void aRedirect_isRemembered_untilTheNextMap() {
    var routes = new Routes(threeServers());
    int slot = forms[0].slot(5);
    Endpoint third = routes.lanes().get(2).endpoint();
    assertThat(routes.correct(slot, third)).isSameAs(routes.lanes().get(2));
    assertThat(routes.lane(forms[0], 5).endpoint()).isEqualTo(third);
    assertThat(routes.correct(slot, new Endpoint("127.0.0.1", 9))).isNull();

    ClusterMap newer = ClusterMap.of(Reply.array(arc(0, 16383, 2)), third);
    List<Lane> gone = routes.adopt(newer, Routes.lanesOf(newer));
    assertThat(gone).hasSize(2);
    assertThat(routes.lane(forms[0], 5).endpoint().port()).isEqualTo(2);
  }
}
