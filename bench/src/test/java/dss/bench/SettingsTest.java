package dss.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class SettingsTest {
  private static Load load(int connections, int pipeline, int threads, double rate) {
    return new Load(Mix.parse("set"), connections, pipeline, threads, rate, 10, Duration.ZERO, Duration.ZERO,
        Duration.ofSeconds(5), false, Load.Clients.USUAL);
  }

  private static void refused(String sentence, ThrowingCallable made) {
    assertThatThrownBy(made).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(sentence);
  }

  @Test
  void limits_areSaidInASentence() {
    refused("--connections is 1 to 10000, not 0", () -> load(0, 1, 1, 0));
    refused("--pipeline is 1 to 4096, not 9999", () -> load(1, 9999, 1, 0));
    refused("wants as many --connections", () -> load(2, 1, 3, 0));
    refused("--rate is", () -> load(1, 1, 1, -1));
    refused("--clients have one operation at a time",
        () -> new Load(Mix.parse("set"), 1, 2, 1, 0, 10, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(5),
            false,
            new Load.Clients(true, false)));
    refused("--keys is 1 to a billion", () -> new KeySpace(0, Distribution.UNIFORM, 1, 1));
    refused("--zipf is", () -> new KeySpace(1, Distribution.ZIPF, Double.NaN, 1));
    refused("--size is", () -> new KeySpace(1, Distribution.ZIPF, 1, 1 << 30));
    refused("--prefix is", () -> new KeySpace(1, Distribution.ZIPF, 1, 1, "{a}{b}"));
    refused("--prefix is", () -> new KeySpace(1, Distribution.ZIPF, 1, 1, "#"));
    refused("not both", () -> Load.time(1L, Duration.ofSeconds(1)));
    refused("at most 256 MB",
        () -> new BenchSettings(Protocol.REDIS, List.of(new Endpoint("h", 1)), load(100, 100, 1, 0),
            new KeySpace(1, Distribution.UNIFORM, 1, 1 << 20), List.of(), 1));
  }

  @Test
  void whatEtcdLacks_isRefused() {
    refused("--protocol etcd has set and get, no incr", () -> etcd("get=1,incr=1", 1));
    refused("--pipeline is for redis", () -> etcd("get", 2));
    assertThat(etcd("get=1,set=3", 1).protocol()).isSameAs(Protocol.parse("Etcd"));
    refused("no protocol 'http': there are redis, etcd", () -> Protocol.parse("http"));
  }

  private static BenchSettings etcd(String mix, int pipeline) {
    var load = new Load(Mix.parse(mix), 9, pipeline, 1, 0, 10, Duration.ZERO, Duration.ZERO,
        Duration.ofSeconds(5), false, Load.Clients.USUAL);
    return new BenchSettings(Protocol.ETCD, List.of(new Endpoint("h", 1)), load,
        new KeySpace(1, Distribution.UNIFORM, 1, 100), List.of(), 1);
  }

  @Test
  void mixes_areReadAndRefused() {
    assertThat(Mix.parse("get=3,SET=1")).hasToString("get=3,set=1");
    assertThat(Mix.parse("incr")).hasToString("incr=1");
    refused("no kind of operation 'sett'", () -> Mix.parse("sett=1"));
    refused("a weight in --mix is 1 to", () -> Mix.parse("set=0"));
    refused("is not KIND=WEIGHT", () -> Mix.parse("set=x"));
    refused("twice", () -> Mix.parse("set=1,set=2"));
    refused("no distribution 'normal'", () -> Distribution.parse("normal"));
  }

  @Test
  void errors_askForOneOfThreeThings() {
    ErrorLine moved = ErrorLine.of("MOVED 99 10.0.0.1:7002", "h");
    assertThat(moved)
        .isEqualTo(new ErrorLine("MOVED", ErrorLine.Action.REDIRECT, 99, new Endpoint("10.0.0.1", 7002)));
    assertThat(ErrorLine.of("MOVED 99 :7002", "h").to()).isEqualTo(new Endpoint("h", 7002));
    assertThat(ErrorLine.of("MOVED 99 nowhere", "h").to()).isNull();
    assertThat(ErrorLine.of("MOVED", "h").action()).isEqualTo(ErrorLine.Action.RETRY);
    assertThat(ErrorLine.of("CLUSTERDOWN x", "h").action()).isEqualTo(ErrorLine.Action.RETRY);
    assertThat(ErrorLine.of("ERR unknown", "h"))
        .isEqualTo(new ErrorLine("ERR", ErrorLine.Action.FAIL, 0, null));
  }
}
