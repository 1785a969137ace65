package dss.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import dss.drill.LateRequests;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Three servers with three copies and their ECS, killed and paused in turn and together. */
@ExtendWith(ShowOutput.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init")
class FaultsIT {
  /** After a kill every shard is to be writable again within this. */
  private static final Duration FAILOVER = Duration.ofMillis(1_500);
  /** Who is silent and not known to be gone is waited for a little longer. */
  private static final Duration SILENT = Duration.ofSeconds(4);
  private static final Duration BACK = Duration.ofSeconds(30);
  private static final int KEYS = 100;
  private static final int SHARED_AFTER = 30;
  private static final List<String> EACH_SHARD = Gap.keyOfEachShard("shard:");

  @TempDir
  static Path directory;
  private static TestCluster cluster;
  private static final Pairs PAIRS = new Pairs("pair:", 5_000);
  private final List<Load> loads = new ArrayList<>();
  private final List<SharedLoad> shared = new ArrayList<>();

  @BeforeAll
  static void start() {
    cluster = TestCluster.grown(directory, 3);
    PAIRS.write(cluster.node(0));
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @AfterEach
  void endLoads() {
    loads.forEach(Load::close);
    shared.forEach(SharedLoad::close);
  }

  /** A test that failed must not take the next ones with it. */
  @AfterEach
  void startTheDead() {
    cluster.nodes().stream().filter(node -> !node.process().isAlive()).forEach(Node::startAgain);
    if (!cluster.ecs().process().isAlive()) {
      cluster.ecs().startAgain();
    }
  }

  private Load jedis(String name) {
    Load load = Load.start(name, new JedisClient(cluster.nodes()), KEYS);
    loads.add(load);
    return load;
  }

  /** DSS's own client: whatever happens to servers, it shows no error. */
  private Load dssClient(String name) {
    Load load = Load.start(name, new DssJavaClient(cluster.nodes()), KEYS);
    loads.add(load);
    return load;
  }

  /** Clients of few keys, all of whose replies must fit one order. */
  private SharedLoad sharedKeys(String name) {
    SharedLoad load = SharedLoad.start("faults-" + name, cluster.nodes());
    shared.add(load);
    return load;
  }

  private void assertLoadsAreThere() {
    try (var reader = new JedisClient(cluster.live())) {
      loads.forEach(load -> load.stop().assertAllThere(reader));
    }
    shared.forEach(load -> load.awaitAnswers(SHARED_AFTER).assertLinearizable());
  }

  /** All members run, all copies are in sync. */
  private static void awaitWhole() {
    Await.until("all copies are in sync", BACK, () -> {
      var print = cluster.ecs().print();
      return Boolean.TRUE.equals(print.get("balanced"))
          && Integer.valueOf(0).equals(print.get("underReplicated"));
    });
  }

  @Test
  @Order(1)
  void eachServerKilledInTurn_losesNothing_andLetsAllKeysBeWrittenAgainInTime() throws IOException {
    Load load = jedis("kills");
    Load ours = dssClient("kills-ours");
    sharedKeys("kills");
    Duration worst = Duration.ZERO;
    for (Node victim : cluster.nodes()) {
      PAIRS.write(victim);
      List<Node> others = cluster.nodesBut(victim);
      load.mark();
      long killed = System.nanoTime();
      victim.process().kill();
      Duration gap = Gap.untilAllTaken(others, EACH_SHARD, victim.name(), killed);
      System.out.println("all shards written " + gap.toMillis() + " ms after kill -9 of " + victim.name());
      worst = gap.compareTo(worst) > 0 ? gap : worst;
      cluster.ecs().awaitStatus(victim.port(), "DOWN", Duration.ofSeconds(1));
      assertThat(cluster.assertAgreement().shares()).hasSize(2).doesNotContainKey(victim.port());
      PAIRS.assertAllThere(others.get(0));
      load.awaitWrites(KEYS);
      assertErrorsOnlyWithin(FAILOVER, load);
      victim.startAgain();
      awaitWhole();
      assertThat(cluster.assertAgreement().shares()).hasSize(3);
    }
    assertThat(worst).isLessThan(FAILOVER);
    ours.awaitWrites(KEYS).assertNoFailure();
    assertLoadsAreThere();
  }

  private static void assertErrorsOnlyWithin(Duration bound, Load load) {
    System.out.println("errors of " + load + " after the kill: " + load.failures());
    assertThat(load.failures()).allMatch(failure -> failure.what().contains("JedisConnectionException")
        || failure.what().contains("JedisClusterOperationException"));
    assertThat(load.failures()).noneMatch(failure -> failure.afterMs() - failure.tookMs() > bound.toMillis());
  }

  @Test
  @Order(2)
  void redisCli_goesOnAtOtherServers_whenItsOwnIsKilled() {
    RedisCli.require();
    Node victim = cluster.node(2);
    var load = Load.start("redis-cli", new RedisCli(() -> cluster.live().get(0).port()), KEYS);
    loads.add(load);
    sharedKeys("redis-cli");
    load.mark();
    victim.process().kill();
    load.awaitWrites(2 * KEYS);
    System.out.println("errors of redis-cli after the kill: " + load.failures());
    assertThat(load.failures())
        .noneMatch(failure -> failure.afterMs() - failure.tookMs() > FAILOVER.toMillis());
    victim.startAgain();
    awaitWhole();
    assertLoadsAreThere();
  }

  @Test
  @Order(3)
  void aPausedServer_isTakenOverFrom_andClientsGoOnByThemselves() throws IOException {
    Load load = jedis("paused");
    Load ours = dssClient("paused-ours");
    SharedLoad few = sharedKeys("paused");
    LateRequests late;
    Node paused = cluster.node(1);
    load.mark();
    long since = System.nanoTime();
    paused.process().pause();
    try {
      Duration gap = Gap.untilAllTaken(cluster.nodesBut(paused), EACH_SHARD, "paused", since);
      System.out.println("all shards written " + gap.toMillis() + " ms after SIGSTOP of " + paused.name());
      assertThat(gap).isLessThan(SILENT);
      cluster.ecs().awaitStatus(paused.port(), "DOWN", Duration.ofSeconds(5));
      load.awaitWrites(3 * KEYS);
      System.out.println("after SIGSTOP the longest wait of a client was " + load.longestGapMsSoFar()
          + " ms, errors " + load.failures());
      PAIRS.assertAllThere(cluster.node(0));
      late = few.awaitAnswers(SHARED_AFTER).askLate(paused);
    } finally {
      paused.process().resume();
    }
    late.await();
    late.close();
    awaitWhole();
    assertThat(cluster.assertAgreement().shares()).hasSize(3);
    long errors = load.failures().size();
    load.awaitWrites(KEYS);
    assertThat(load.failures()).hasSize((int) errors);
    ours.awaitWrites(KEYS).assertNoFailure();
    assertLoadsAreThere();
    PAIRS.assertAllThere(paused);
  }

  @Test
  @Order(4)
  void theEcs_isKilledAndStartedAgain_andNoClientNotices() {
    Load load = jedis("ecs").mark();
    Load ours = dssClient("ecs-ours");
    sharedKeys("ecs");
    long version = cluster.ecs().version();
    cluster.ecs().process().end();
    load.awaitWrites(5 * KEYS);
    cluster.ecs().startAgain();
    Await.until("statuses are true", Duration.ofSeconds(2), () -> cluster.ecs().lines().size() == 3
        && cluster.ecs().lines().stream().allMatch(line -> line.status().equals("ACTIVATED")));
    awaitWhole();
    load.awaitWrites(KEYS);
    load.assertNoFailure();
    ours.awaitWrites(KEYS).assertNoFailure();
    assertThat(cluster.ecs().version()).isGreaterThanOrEqualTo(version);
    assertThat(cluster.ecs().events()).filteredOn(event -> event.endsWith(" added"))
        .as("what happened before the restart").hasSize(3);
    assertThat(cluster.assertAgreement().shares()).hasSize(3);
    assertLoadsAreThere();
  }

  @Test
  @Order(5)
  void anEmptyEcsAtTheOldAddress_isRefused_andChangesNothing() {
    Load load = jedis("empty-ecs").mark();
    sharedKeys("empty-ecs");
    Ring before = cluster.assertAgreement();
    cluster.ecs().process().end();
    Ecs empty = Ecs.launch(directory, "empty-ecs", cluster.ecs().port()).awaitListening();
    try {
      for (Node node : cluster.nodes()) {
        node.process().awaitOutput("belongs to cluster", Duration.ofSeconds(5));
        assertThat(Ring.slotsOf(node.port())).isEqualTo(before);
        assertThat(node.info("dss_ecs_session")).isZero();
      }
      assertThat(empty.lines()).isEmpty();
      assertThat(empty.tell("ADD", "127.0.0.1", Integer.toString(cluster.node(0).port())))
          .contains("belongs to cluster");
      load.awaitWrites(KEYS);
    } finally {
      empty.end();
    }
    cluster.ecs().startAgain();
    awaitWhole();
    load.awaitWrites(KEYS).assertNoFailure();
    assertThat(cluster.assertAgreement()).isEqualTo(before);
    assertLoadsAreThere();
  }

  @Test
  @Order(6)
  void everythingKilledAtOnce_comesBackWithAllThatWasAcknowledged() {
    PAIRS.write(cluster.node(0));
    jedis("all-one");
    jedis("all-two");
    Load ours = dssClient("all-ours");
    sharedKeys("all");
    loads.forEach(load -> load.awaitWrites(3 * KEYS));
    cluster.nodes().forEach(node -> node.process().kill());
    cluster.ecs().process().kill();
    cluster.nodes().forEach(node -> node.process().awaitExit(BACK));
    cluster.ecs().process().awaitExit(BACK);
    cluster.nodes().forEach(Node::launchAgain);
    cluster.ecs().startAgain();
    cluster.nodes().forEach(Node::awaitListening);
    awaitWhole();
    assertThat(cluster.assertAgreement().shares()).hasSize(3);
    PAIRS.assertAllThere(cluster.node(0));
    loads.forEach(load -> load.awaitWrites(2 * KEYS));
    ours.assertNoFailure();
    assertLoadsAreThere();
    PAIRS.write(cluster.node(1));
    PAIRS.assertAllThere(cluster.node(2));
  }
}
