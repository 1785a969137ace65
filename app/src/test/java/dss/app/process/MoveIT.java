package dss.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A server is added and one is removed, with one command each, while clients keep writing: they see no error. */
@ExtendWith(ShowOutput.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init")
class MoveIT {
  private static final int WRITES_AFTER = 300;
  private static final int KEYS = 200;
  private static final int SHARED_AFTER = 100;
  /** A read of a value before anything was written. */
  private static final String STALE = "{\"client\":\"liar\",\"op\":\"GET\",\"key\":\"moves:0\",\"invoke\":"
      + Long.MIN_VALUE + ",\"return\":" + (Long.MIN_VALUE + 1) + ",\"result\":\"1\"}";

  @TempDir
  static Path directory;
  private static TestCluster cluster;
  private static Node fourth;
  private static final List<Load> LOADS = new ArrayList<>();
  private static SharedLoad shared;

  @BeforeAll
  static void start() {
    cluster = TestCluster.grown(directory, 3, "--repair-after", "3s");
    fourth = cluster.startServer();
    LOADS.add(Load.start("jedis-knows-all", new JedisClient(cluster.nodes().subList(0, 3)), KEYS));
    LOADS.add(Load.start("jedis-knows-one", new JedisClient(cluster.nodes().subList(1, 2)), KEYS));
    LOADS.add(Load.start("dss-client", new DssJavaClient(cluster.nodes().subList(1, 2)), KEYS));
    LOADS.add(Load.start("dss-console", new DssConsole(directory, cluster.nodes().subList(0, 3)), KEYS));
    shared = SharedLoad.start("moves", cluster.nodes().subList(0, 3));
  }

  @AfterAll
  static void stop() {
    LOADS.forEach(Load::close);
    shared.close();
    cluster.close();
  }

  private static void startRedisCli() {
    RedisCli.require();
    LOADS.add(Load.start("redis-cli", new RedisCli(cluster.node(1)::port), KEYS));
  }

  private static void assertUndisturbed() {
    for (Load load : LOADS) {
      load.awaitWrites(WRITES_AFTER);
      load.assertNoFailure();
      System.out.println("longest wait of a write of " + load + ": " + load.longestGapMsSoFar() + " ms");
    }
    shared.awaitAnswers(SHARED_AFTER);
  }

  /** While shards move: what {@code print} shows, every server has in effect within a second. */
  private static void assertServersKeepUpUntilEndOf(DssProcess step) {
    Await.until("the step ends", Admin.ENDS, () -> {
      long printed = cluster.ecs().version();
      Await.untilAsserted("servers keep up", TestCluster.AGREE, () -> {
        for (Node node : cluster.live()) {
          assertThat(node.info("dss_state_version")).as(node.name()).isGreaterThanOrEqualTo(printed);
        }
      });
      return !step.isAlive();
    });
  }

  /** In front of the others, as a test that is skipped ends here. */
  @Test
  @Order(1)
  void redisCliWritesToo_whereItIsInstalled() {
    startRedisCli();
    LOADS.forEach(load -> assertThat(load.count()).isPositive());
  }

  @Test
  @Order(2)
  void aFourthServer_isAddedWithOneCommand_whileClientsWrite() {
    LOADS.forEach(Load::mark);
    long begin = System.nanoTime();
    DssProcess add = cluster.admin("add", "127.0.0.1", Integer.toString(fourth.port()));
    assertServersKeepUpUntilEndOf(add);
    assertThat(add.awaitExit(Admin.ENDS)).as(add.output()).isZero();
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    System.out.println("adding a fourth server took " + took.toMillis() + " ms");
    assertThat(add.output()).contains("adding 127.0.0.1:" + fourth.port()).endsWith("added\n");
    assertThat(cluster.ecs().print()).containsEntry("balanced", true);
    assertThat(cluster.assertAgreement().shares()).hasSize(4);
    assertUndisturbed();
  }

  @Test
  @Order(3)
  void aServer_isRemovedWithOneCommand_whileItsClientsWrite() {
    LOADS.forEach(Load::mark);
    Node removed = cluster.node(1);
    DssProcess remove = cluster.admin("remove", "127.0.0.1", Integer.toString(removed.port()));
    assertServersKeepUpUntilEndOf(remove);
    assertThat(remove.awaitExit(Admin.ENDS)).as(remove.output()).isZero();
    assertThat(remove.output()).contains("removing 127.0.0.1:" + removed.port()).endsWith("removed\n");
    assertThat(cluster.assertAgreement().shares()).hasSize(3).doesNotContainKey(removed.port());
    assertThat(cluster.ecs().statusOf(removed.port())).isEqualTo("STOPPED");
    assertUndisturbed();
  }

  @Test
  @Order(4)
  void clientsOfTheRemovedServer_goOnWithoutIt() {
    assertThat(cluster.node(1).stop()).isEqualTo(143);
    LOADS.forEach(load -> load.awaitWrites(WRITES_AFTER));
    shared.awaitAnswers(SHARED_AFTER);
    LOADS.stream().filter(load -> !load.toString().equals("redis-cli")).forEach(Load::assertNoFailure);
  }

  @Test
  @Order(5)
  void nothingAcknowledgedIsLost() {
    try (var reader = new JedisClient(cluster.live())) {
      for (Load load : LOADS) {
        load.stop().assertAllThere(reader);
      }
    }
  }

  @Test
  @Order(6)
  void whatClientsSawOfSharedKeys_hasOneOrder_alsoByTheCommand() throws IOException {
    Path history = shared.assertLinearizable();
    DssProcess check = Admin.run(directory, "check-history", history.toString());
    assertThat(check.awaitExit(Admin.ENDS)).as(check.output()).isZero();
    assertThat(check.output()).matches("OK operations [0-9]+ keys 12 unknown [0-9]+\\n");
    Path spoilt = Files.copy(history, directory.resolve("spoilt.jsonl"));
    Files.writeString(spoilt, STALE, StandardOpenOption.APPEND);
    DssProcess spoiltCheck = Admin.run(directory, "check-history", spoilt.toString());
    assertThat(spoiltCheck.awaitExit(Admin.ENDS)).as(spoiltCheck.output()).isEqualTo(1);
    assertThat(spoiltCheck.output()).startsWith("VIOLATION key moves:0\n").contains("  > liar GET moves:0");
  }

  @Test
  @Order(7)
  void theCopiesOfADeadServer_areRebuiltElsewhere_afterTheRepairDelay() {
    Pairs pairs = new Pairs("repair:", 5_000);
    cluster.node(1).startAgain();
    cluster.ecs().awaitStatus(cluster.node(1).port(), "STOPPED", Ecs.STARTS);
    cluster.add(cluster.node(1));
    pairs.write(cluster.node(0));
    Node dead = cluster.node(2);
    dead.process().kill();
    cluster.ecs().awaitStatus(dead.port(), "DOWN", Duration.ofSeconds(2));
    assertThat(cluster.ecs().number("underReplicated")).isPositive();
    Await.until("all copies are rebuilt", Ecs.SETTLES, () -> cluster.ecs().number("underReplicated") == 0);
    assertThat(cluster.ecs().line(dead.port()))
        .matches(line -> line.status().equals("DOWN") && line.copies() == 0);
    pairs.assertAllThere(cluster.node(0));
    cluster.node(0).process().kill();
    Await.until("the rebuilt copies serve", Duration.ofSeconds(10),
        () -> !Ring.slotsOf(fourth.port()).shares().containsKey(cluster.node(0).port()));
    pairs.assertAllThere(fourth);
  }
}
