package dss.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import dss.core.cluster.Address;
import dss.core.ecs.Controller.TrustRefused;
import dss.ecs.EcsSettings.Peer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which of its peers an ECS is: two that take themselves for the same one would each begin a cluster. */
class EcsSettingsTest {
  private static final List<Peer> THREE_HOSTS = List.of(new Peer("a", new Address("10.0.0.1", 7000)),
      new Peer("b", new Address("10.0.0.2", 7000)), new Peer("c", new Address("10.0.0.3", 7000)));
  private static final List<Peer> ONE_HOST = List.of(new Peer("a", new Address("127.0.0.1", 7000)),
      new Peer("b", new Address("localhost", 7010)), new Peer("c", new Address("127.0.1.1", 7020)));

  private static EcsSettings at(String host, int port, List<Peer> peers) {
    return new EcsSettings(host, port, 1, 2, Path.of("d"), null, null, Duration.ofSeconds(60),
        TrustRefused.AUTO,
        null, peers, null);
  }

  @Test
  void itIsTheOneWithItsHostAndPort() {
    EcsSettings second = at("10.0.0.2", 7000, THREE_HOSTS);
    assertThat(second.objection()).isNull();
    assertThat(second.name()).isEqualTo("b");
    assertThat(second.address()).isEqualTo(new Address("10.0.0.2", 7000));
  }

  @Test
  void onLoopback_thePortTells() {
    assertThat(at("127.0.0.1", 7010, ONE_HOST).name()).isEqualTo("b");
    assertThat(at("127.0.0.1", 7020, ONE_HOST).address()).isEqualTo(new Address("127.0.1.1", 7020));
    assertThat(at("127.0.0.1", 7020, ONE_HOST).objection()).isNull();
  }

  @Test
  void whoListensEverywhere_mustBeTheOnlyOneOfItsPort() {
    assertThat(at("0.0.0.0", 7000, THREE_HOSTS).objection()).contains("several that may be this ECS");
    assertThat(at("0.0.0.0", 7010, ONE_HOST).objection()).isNull();
  }

  @Test
  void whoIsNotNamed_isToldSo() {
    assertThat(at("10.0.0.1", 7001, THREE_HOSTS).objection())
        .contains("does not name this ECS, 10.0.0.1:7001");
    assertThat(at("10.0.0.9", 7000, THREE_HOSTS).objection()).contains("does not name");
    assertThat(at("127.0.0.1", 7000, List.of()).objection()).isNull();
  }
}
