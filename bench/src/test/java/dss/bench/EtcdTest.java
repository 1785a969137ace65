package dss.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dss.wire.Transport;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The load generator against members of etcd that answer as they are told. */
@Timeout(60)
class EtcdTest {
  private final Transport transport = Transport.create("fake-etcd", 2);
  private FakeEtcd first;
  private FakeEtcd second;

  @SuppressWarnings("NullAway.Init")
  EtcdTest() {}

  @BeforeEach
  void begin() {
    first = new FakeEtcd(transport);
    second = new FakeEtcd(transport);
  }

  @AfterEach
  void end() {
    first.close();
    second.close();
    transport.close();
  }

  private static Load load(String mix, int connections, long requests, boolean fill) {
    return new Load(Mix.parse(mix), connections, 1, 1, 0, requests, Duration.ZERO, Duration.ZERO,
        Duration.ofMillis(500), fill, Load.Clients.USUAL);
  }

  private BenchReport run(Load load, long keys, int valueBytes) throws IOException, InterruptedException {
    var settings = new BenchSettings(Protocol.ETCD, List.of(first.endpoint, second.endpoint), load,
        new KeySpace(keys, Distribution.UNIFORM, 1, valueBytes), List.of(), 1);
    return new Bench(settings, (done, what) -> {}).run();
  }

  @Test
  void clientsAreSpreadOverTheMembers_andWriteWholeKeysAndValues() throws Exception {
    BenchReport report = run(load("set", 5, 3000, false), 500, 100);
    assertThat(report.all().operations()).isEqualTo(3000);
    assertThat(report.all().errors()).isZero();
    assertThat(report.reconnects()).isZero();
    assertThat(first.calls.get() + second.calls.get()).isEqualTo(3000);
    assertThat(first.calls.get()).isBetween(500, 2500);
    assertThat(first.store.keySet()).allMatch(key -> key.matches("key:000000000[0-4][0-9]{2}"));
    assertThat(first.store.values()).allMatch(value -> value.matches("[\\w-]{100}"));
    assertThat(ReportText.lines(report).get(0)).contains("set=1 to an etcd of 2 members, 5 connections");
    assertThat(ReportJson.text(report)).contains("\"protocol\":\"etcd\"");
  }

  @Test
  void filling_writesEachKey_andReadsFindThem() throws Exception {
    BenchReport report = run(load("get=1,set=1", 4, 1000, true), 300, 10);
    assertThat(first.store.size() + second.store.size()).isEqualTo(300);
    assertThat(report.all().operations()).isEqualTo(1000);
    assertThat(report.all().absent()).isZero();
  }

  @Test
  void keysThatAreNotThere_areAbsent() throws Exception {
    assertThat(run(load("get", 2, 200, false), 100, 10).all().absent()).isEqualTo(200);
  }

  @Test
  void longValues_goInSeveralFrames() throws Exception {
    BenchReport report = run(load("set", 2, 20, false), 5, 200_000);
    assertThat(report.all().operations()).isEqualTo(20);
    assertThat(first.store.values()).allMatch(value -> value.length() == 200_000);
  }

  @Test
  void errors_areCounted_andWhatMayGoWellLaterIsSentAgain() throws Exception {
    first.rule = call -> switch (call) {
      case 5, 6 -> FakeEtcd.Answer.UNAVAILABLE;
      case 10 -> FakeEtcd.Answer.RESET;
      case 20, 21, 22 -> FakeEtcd.Answer.NO_SPACE;
      default -> FakeEtcd.Answer.WELL;
    };
    BenchReport report = run(load("set", 2, 400, false), 50, 10);
    assertThat(report.all().operations()).isEqualTo(397);
    assertThat(report.examples()).containsEntry("RESOURCE_EXHAUSTED",
        "RESOURCE_EXHAUSTED etcdserver: mvcc: database space exceeded");
    assertThat(report.errors()).containsOnlyKeys("RESOURCE_EXHAUSTED").containsEntry("RESOURCE_EXHAUSTED",
        3L);
    assertThat(report.retries()).containsEntry("UNAVAILABLE", 3L);
  }

  @Test
  void connectionsThatAreLostOrSilent_areMadeAgain() throws Exception {
    first.rule = call -> switch (call) {
      case 30 -> FakeEtcd.Answer.CLOSE;
      case 60 -> FakeEtcd.Answer.SILENCE;
      default -> FakeEtcd.Answer.WELL;
    };
    BenchReport report = run(load("set", 2, 500, false), 50, 10);
    assertThat(report.all().operations()).isEqualTo(500);
    assertThat(report.reconnects()).isEqualTo(2);
    assertThat(report.retries()).containsEntry("DISCONNECTED", 2L);
  }

  @Test
  void whoSpeaksSomethingElse_isToldFromNobody() throws Exception {
    try (var redis = new FakeServer(transport)) {
      refused(redis.endpoint, redis.endpoint + " does not speak HTTP/2 as etcd does without TLS");
    }
    first.close();
    refused(first.endpoint, "nobody answers at " + first.endpoint);
  }

  private static void refused(Endpoint at, String sentence) {
    var settings = new BenchSettings(Protocol.ETCD, List.of(at), load("set", 1, 1, false),
        new KeySpace(1, Distribution.UNIFORM, 1, 1), List.of(), 1);
    assertThatThrownBy(() -> new Bench(settings, (done, what) -> {}).run()).isInstanceOf(NobodyAnswers.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void aReplyHasAKey_onlyWhereItSaysSo() {
    var reply = new EtcdReply();
    assertThat(hasKey(reply, 0, 0, 0, 0, 8, 0x0a, 2, 0x18, 3, 0x12, 2, 0x0a, 0)).isTrue();
    assertThat(hasKey(reply, 0, 0, 0, 0, 6, 0x0a, 2, 0x18, 3, 0x20, 0)).isFalse();
    assertThat(hasKey(reply, 0, 0, 0, 0, 4, 0x0a, 2, 0x12, 3)).as("inside the header").isFalse();
    assertThat(hasKey(reply, 0, 0, 0, 0, 3, 0x0a, 0xff, 0xff)).as("longer than it is").isFalse();
    assertThat(hasKey(reply)).isFalse();
  }

  private static boolean hasKey(EtcdReply reply, int... bytes) {
    reply.reset();
    for (int one : bytes) {
      reply.take(Unpooled.buffer().writeByte(one));
    }
    return reply.hasKey();
  }
}
