package dss.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A cluster that grows from nothing and shrinks again, its pairs checked at each step. */
@ExtendWith(ShowOutput.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init")
class GrowIT {
  @TempDir
  static Path directory;
  private static TestCluster cluster;
  private static final Pairs FEW = new Pairs("few:", 100);
  private static final Pairs MANY = new Pairs("many:", 100_000);

  @BeforeAll
  static void start() {
    cluster = TestCluster.start(directory, 3);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static Node any() {
    return cluster.node(0);
  }

  private static void assertEven(Ring ring, int members) {
    assertThat(ring.shares()).hasSize(members);
    int mean = Ring.SLOTS / members;
    assertThat(ring.shares().values()).allMatch(slots -> slots <= mean * 1.05 + 16);
  }

  private static void assertPairs() {
    FEW.assertAllThere(any());
    MANY.assertAllThere(any());
  }

  @Test
  @Order(1)
  void threeServers_areAddedOneByOne_andTheRingGrowsAtEach() {
    assertThat(Resp.text(any().port(), "KEYRANGE")).isEqualTo("KEYRANGE_SUCCESS ");
    for (int members = 1; members <= 3; members++) {
      Node added = cluster.node(members - 1);
      assertThat(cluster.ecs().statusOf(added.port())).isEqualTo("STOPPED");
      cluster.add(added);
      Ring ring = cluster.assertAgreement();
      assertThat(ring.shares()).containsKey(added.port());
      assertEven(ring, members);
      FEW.write(any());
      FEW.assertAllThere(added);
    }
  }

  @Test
  @Order(2)
  void statusesAreSeenAtTheEcs_inOrder() {
    for (Node node : cluster.nodes()) {
      assertThat(cluster.ecs().statusesOf(node.port())).startsWith("STOPPED", "IN_TRANSFER", "ACTIVATED")
          .endsWith("ACTIVATED").doesNotContain("DOWN");
    }
  }

  @Test
  @Order(3)
  void jedis_putsAndGetsKeysOfEveryServer_throughAnyServer() {
    Ring ring = Ring.slotsOf(any().port());
    for (Node through : cluster.nodes()) {
      try (var client = new JedisClient(List.of(through))) {
        assertReadsItsWrites(client, ring, "jedis" + through.port() + ":");
      }
    }
  }

  @Test
  @Order(3)
  void dssClient_putsAndGetsKeysOfEveryServer_throughAnyServer() {
    Ring ring = Ring.slotsOf(any().port());
    for (Node through : cluster.nodes()) {
      try (var client = new DssConsole(directory, List.of(through))) {
        assertReadsItsWrites(client, ring, "ours" + through.port() + ":");
      }
    }
  }

  private static void assertReadsItsWrites(Client client, Ring ring, String word) {
    for (Node owner : cluster.nodes()) {
      String key = ring.keyOf(owner.port(), word);
      assertThat(client.get(key)).isNull();
      client.put(key, "first");
      assertThat(client.get(key)).isEqualTo("first");
      client.put(key, "second");
      assertThat(client.get(key)).isEqualTo("second");
    }
  }

  @Test
  @Order(3)
  void redisCli_putsAndGetsKeysOfEveryServer_throughAnyServer() {
    RedisCli.require();
    Ring ring = Ring.slotsOf(any().port());
    for (Node through : cluster.nodes()) {
      try (var client = new RedisCli(through::port)) {
        assertReadsItsWrites(client, ring, "cli" + through.port() + ":");
      }
      String key = ring.keyOf(cluster.node(1).port(), "once" + through.port() + ":");
      assertThat(RedisCli.once(through.port(), "SET", key, "x")).isEqualTo("OK");
      assertThat(RedisCli.once(through.port(), "PUT", key, "y")).isEqualTo("PUT_UPDATE");
      assertThat(RedisCli.once(through.port(), "GET", key)).isEqualTo("y");
      assertThat(RedisCli.once(through.port(), "DELETE", key)).isEqualTo("DELETE_SUCCESS");
    }
  }

  @Test
  @Order(4)
  void whatOneClientModifies_anotherSeesThroughAnotherServer() {
    Ring ring = Ring.slotsOf(any().port());
    try (var one = new JedisClient(List.of(cluster.node(0)));
        var other = new JedisClient(List.of(cluster.node(2)))) {
      for (Node owner : cluster.nodes()) {
        String key = ring.keyOf(owner.port(), "modified:");
        one.put(key, "by one");
        other.put(key, "by other");
        assertThat(one.get(key)).isEqualTo("by other");
        assertThat(Resp.ask(owner.port(), "APPEND", key, "!")).isEqualTo(9L);
        assertThat(other.get(key)).isEqualTo("by other!");
        assertThat(Resp.ask(owner.port(), "DEL", key)).isEqualTo(1L);
        assertThat(one.get(key)).isNull();
      }
    }
  }

  @Test
  @Order(5)
  void aServerStartedWithoutEcs_isAdded_andAllPairsAreThere() {
    MANY.write(any());
    assertPairs();
    Node waiting = cluster.startServerWithoutEcs();
    assertThat(waiting.info("dss_registered")).isZero();
    assertThat(Resp.ask(waiting.port(), "PUT", "a", "b")).isInstanceOfSatisfying(Resp.Err.class,
        error -> assertThat(error.text()).startsWith("CLUSTERDOWN SERVER_STOPPED"));
    assertPlanned("ADD", waiting, "primaries to hand over: [1-9]");
    cluster.add(waiting);
    assertEven(cluster.assertAgreement(), 4);
    assertPairs();
  }

  @Test
  @Order(6)
  void aRemovedServer_runsOnStopped_andTellsTheNewRing() {
    Node removed = cluster.node(1);
    assertPlanned("REMOVE", removed, "127.0.0.1:" + removed.port() + " +768 -> +0 +256 -> +0");
    String moved = Ring.slotsOf(any().port()).keyOf(removed.port(), "moved:");
    cluster.remove(removed);
    assertThat(cluster.ecs().tell("WHY", moved))
        .containsPattern("before it .* server 127.0.0.1:" + removed.port() + " removed");
    Ring ring = cluster.assertAgreement();
    assertEven(ring, 3);
    assertThat(ring.shares()).doesNotContainKey(removed.port());
    assertThat(removed.process().isAlive()).isTrue();
    assertThat(cluster.ecs().line(removed.port()))
        .matches(line -> line.primaries() == 0 && line.copies() == 0);
    assertMoved(removed, ring);
    assertConsoleSaysTheRing(List.of(removed), ring);
    assertConsoleSaysTheRing(cluster.nodesBut(removed), ring);
    assertThat(cluster.ecs().statusesOf(removed.port())).endsWith("IN_TRANSFER", "STOPPED");
    assertPairs();
  }

  /** A plan is told, and nothing is done. */
  private static void assertPlanned(String change, Node node, String says) {
    long version = cluster.ecs().version();
    assertThat(cluster.ecs().tell(change, "127.0.0.1", Integer.toString(node.port()), "PLAN"))
        .contains("nothing is done yet").containsPattern("copies to make: 768, in 768 of 1024")
        .containsPattern(says);
    assertThat(cluster.ecs().version()).isEqualTo(version);
    assertThat(cluster.ecs().print()).containsEntry("balanced", true);
  }

  /** {@code keyrange} as a person asks for it. */
  private static void assertConsoleSaysTheRing(List<Node> known, Ring ring) {
    try (var console = new DssConsole(directory, known)) {
      String range = console.line("keyrange");
      ring.shares().keySet().forEach(port -> assertThat(range).contains("127.0.0.1:" + port));
      assertThat(range).isEqualTo(Resp.text(known.getFirst().port(), "KEYRANGE"));
    }
  }

  /** It names the owner to Redis' commands, and says what it is to its own. */
  private static void assertMoved(Node removed, Ring ring) {
    String key = "a key";
    String moved = "MOVED " + Ring.slot(key) + " 127.0.0.1:" + ring.owner(key);
    assertThat(Resp.ask(removed.port(), "GET", key)).isEqualTo(new Resp.Err(moved));
    assertThat(Resp.ask(removed.port(), "SET", key, "v")).isEqualTo(new Resp.Err(moved));
    assertThat(Resp.ask(removed.port(), "PUT", key, "v")).isInstanceOfSatisfying(Resp.Err.class,
        error -> assertThat(error.text()).startsWith("CLUSTERDOWN SERVER_STOPPED"));
  }

  @Test
  @Order(7)
  void aServerThatWasRemoved_isAddedAgain_withAllPairs() {
    MANY.write(any());
    FEW.write(any());
    cluster.add(cluster.node(1));
    assertEven(cluster.assertAgreement(), 4);
    assertPairs();
  }

  @Test
  @Order(8)
  void twoServersAreRemoved_oneAfterTheOther_andAllPairsStay() {
    for (int members = 3; members >= 2; members--) {
      cluster.remove(cluster.node(members));
      assertEven(cluster.assertAgreement(), members);
      assertPairs();
      MANY.write(any());
      assertPairs();
    }
  }

  @Test
  @Order(9)
  void aServerThatIsTerminated_handsOverFirst_andClientsSeeNoError() {
    Node stopped = cluster.node(1);
    assertThat(stopped.process().isAlive()).isTrue();
    try (var load = Load.start("terminated", new JedisClient(cluster.nodes().subList(0, 2)), 100)) {
      assertThat(stopped.stop()).isEqualTo(143);
      load.awaitWrites(200).stop().assertNoFailure();
      try (var reader = new JedisClient(List.of(any()))) {
        load.assertAllThere(reader);
      }
    }
    assertThat(stopped.process().output()).contains("handing over before stopping").contains("stopped\n");
    cluster.ecs().awaitStatus(stopped.port(), "DOWN", Duration.ofSeconds(2));
    assertThat(cluster.ecs().events())
        .anyMatch(
            event -> event.endsWith("server " + stopped.name() + " steps back: others lead where they can"))
        .anyMatch(
            event -> event.contains("primary " + stopped.name() + " -> " + any().name() + ": handed over"))
        .noneMatch(event -> event.contains("its primary is gone"));
    assertThat(Ring.slotsOf(any().port()).shares()).containsOnlyKeys(any().port());
    assertPairs();
  }
}
