package dss.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
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

/** What three servers promise while nothing moves, and what an admin is refused. */
@ExtendWith(ShowOutput.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init")
class ServeIT {
  private static final int REFUSED = 1;
  private static final int USAGE = 2;
  private static final int NOBODY = 3;

  @TempDir
  static Path directory;
  private static TestCluster cluster;
  private static DssProcess askingNobody;

  @BeforeAll
  static void start() {
    cluster = TestCluster.grown(directory, 3);
    askingNobody = Admin.start(directory, FreePorts.next(), "print");
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static String keyOf(Node owner, String word) {
    return Ring.slotsOf(owner.port()).keyOf(owner.port(), word);
  }

  @Test
  @Order(1)
  void pipelinedSetsAndGets_ofOneConnection_seeEachOther() throws IOException {
    Node node = cluster.node(0);
    String key = keyOf(node, "order:");
    try (var connection = new Resp(node.port())) {
      for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 500; i++) {
          connection.send("SET", key, Integer.toString(i));
          connection.send("GET", key);
        }
        connection.flush();
        for (int i = 0; i < 500; i++) {
          assertThat(connection.read()).isEqualTo("OK");
          assertThat(connection.read()).isEqualTo(Integer.toString(i));
        }
      }
    }
  }

  @Test
  @Order(1)
  void eachUnpipelinedWrite_isFsyncedAtEveryCopy() throws IOException {
    int writes = 300;
    Node node = cluster.node(0);
    String key = keyOf(node, "synced:");
    var before = new ArrayList<Long>();
    for (Node each : cluster.nodes()) {
      before.add(each.info("log_fsyncs"));
    }
    try (var connection = new Resp(node.port())) {
      for (int i = 0; i < writes; i++) {
        assertThat(connection.call("SET", key, Integer.toString(i))).isEqualTo("OK");
      }
    }
    for (int i = 0; i < before.size(); i++) {
      assertThat(cluster.node(i).info("log_fsyncs") - before.get(i))
          .as("fsyncs of %s", cluster.node(i).name())
          .isGreaterThanOrEqualTo(writes);
    }
  }

  @Test
  @Order(2)
  void aLockedServer_holdsPutsBack_andServesGets() throws IOException {
    Node locked = cluster.node(0);
    String key = keyOf(locked, "locked:");
    assertThat(Resp.ask(locked.port(), "PUT", key, "before")).isEqualTo("PUT_SUCCESS");
    DssProcess lock = cluster.admin("lock", "127.0.0.1", Integer.toString(locked.port()), "6");
    assertThat(lock.awaitExit(Admin.ENDS)).as(lock.output()).isZero();
    long begin = System.nanoTime();
    try (var putting = new Resp(locked.port()); var getting = new Resp(locked.port())) {
      putting.send("PUT", key, "during");
      putting.flush();
      assertThat(getting.call("GET", key)).isEqualTo("before");
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
      assertThat(putting.read()).isInstanceOfSatisfying(Resp.Err.class,
          error -> assertThat(error.text()).startsWith("TRYAGAIN SERVER_WRITE_LOCK"));
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(Duration.ofMillis(1_900),
        Duration.ofSeconds(4));
    assertThat(cluster.ecs().statusOf(locked.port())).isEqualTo("IN_TRANSFER");
    Await.until("the lock ends", Duration.ofSeconds(10),
        () -> "PUT_UPDATE".equals(Resp.ask(locked.port(), "PUT", key, "after")));
    assertThat(Resp.ask(locked.port(), "GET", key)).isEqualTo("after");
    cluster.ecs().awaitStatus(locked.port(), "ACTIVATED", Duration.ofSeconds(2));
  }

  @Test
  @Order(3)
  void whatCannotBeAddedOrRemoved_isRefusedWithOneClearLine() {
    int nobody = FreePorts.next();
    int member = cluster.node(0).port();
    assertRefused("no server answers at 127.0.0.1:" + nobody, "add", nobody);
    assertRefused("is a member already", "add", member);
    assertRefused("is no DSS server", "add", cluster.ecs().port());
    assertRefused("no server is known at 127.0.0.1:" + nobody, "remove", nobody);
    assertThat(cluster.ecs().tell("LOCK", "127.0.0.1", Integer.toString(nobody), "1"))
        .contains("no server runs at");
  }

  private static void assertRefused(String words, String command, int port) {
    assertThat(cluster.ecs().tell(command, "127.0.0.1", Integer.toString(port))).startsWith("ERR ")
        .contains(words);
  }

  @Test
  @Order(3)
  void refusals_haveExitStatus1_andSayWhyInOneLine() {
    List<DssProcess> refused = List.of(
        cluster.admin("add", "127.0.0.1", Integer.toString(FreePorts.next())),
        cluster.admin("remove", "127.0.0.1", Integer.toString(FreePorts.next())));
    for (DssProcess each : refused) {
      assertThat(each.awaitExit(Admin.ENDS)).as(each.output()).isEqualTo(REFUSED);
      assertThat(each.output().lines()).singleElement().asString().startsWith("dss: no server ");
    }
  }

  @Test
  @Order(3)
  void wrongUse_hasExitStatus2() {
    List<DssProcess> wrong = List.of(cluster.admin("frobnicate"), Admin.run(directory, "server"),
        Admin.run(directory, "admin", "--ecs", "nowhere", "print"));
    for (DssProcess each : wrong) {
      assertThat(each.awaitExit(Admin.ENDS)).as(each.output()).isEqualTo(USAGE);
      assertThat(each.output()).startsWith("dss: ");
    }
  }

  /** Clients wait for loops, and for no compiler: ADR 11. */
  @Test
  @Order(3)
  void theJvmsCompilers_giveWay() {
    assertThat(cluster.node(0).process().niceOf("C1 Compiler")).isNotEmpty().allMatch(nice -> nice == 10);
  }

  @Test
  @Order(4)
  void printRingAndEvents_areForPeopleAndForScripts() {
    DssProcess json = cluster.admin("print", "--json");
    DssProcess events = cluster.admin("events", "50");
    DssProcess ring = cluster.admin("ring");
    assertThat(json.awaitExit(Admin.ENDS)).isZero();
    assertThat(json.output()).startsWith("{\"version\"").contains("\"balanced\":true",
        "\"underReplicated\":0");
    assertThat(events.awaitExit(Admin.ENDS)).isZero();
    assertThat(events.output().lines()).hasSize(50).allMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\dT.*"));
    assertThat(ring.awaitExit(Admin.ENDS)).isZero();
    assertThat(ring.output()).startsWith("slots").contains(cluster.node(0).name(), cluster.node(2).name());
  }

  @Test
  @Order(5)
  void aServerOfAnotherCluster_isRefused() {
    Ecs other = Ecs.launch(directory, "other-ecs", FreePorts.next(), "--shards", "64").awaitListening();
    try {
      Node stranger = cluster.node(0);
      assertThat(other.tell("ADD", "127.0.0.1", Integer.toString(stranger.port()))).startsWith("ERR ")
          .contains("belongs to cluster");
      assertThat(other.lines()).isEmpty();
      cluster.assertAgreement();
    } finally {
      other.end();
    }
  }

  @Test
  @Order(5)
  void whereFewerWouldRemainThanMustBeInSync_noneIsRemoved() {
    Node down = cluster.node(2);
    down.process().kill();
    cluster.ecs().awaitStatus(down.port(), "DOWN", Duration.ofSeconds(5));
    assertRefused("only 1 live member would remain, and 2 copies must stay in sync: add a server first",
        "REMOVE",
        cluster.node(1).port());
    down.startAgain();
    cluster.ecs().awaitStatus(down.port(), "ACTIVATED", Ecs.STARTS);
    cluster.ecs().awaitBalanced();
    assertThat(cluster.assertAgreement().shares()).hasSize(3);
  }

  @Test
  @Order(6)
  void theLastMember_isNotRemoved() {
    cluster.remove(cluster.node(2));
    cluster.remove(cluster.node(1));
    Node last = cluster.node(0);
    DssProcess remove = cluster.admin("remove", "127.0.0.1", Integer.toString(last.port()));
    assertThat(remove.awaitExit(Admin.ENDS)).as(remove.output()).isEqualTo(REFUSED);
    assertThat(remove.output()).contains("is the last live member: add another server first");
    assertThat(cluster.assertAgreement().shares()).containsOnlyKeys(last.port());
  }

  @Test
  @Order(7)
  void whereNobodyAnswers_theExitStatusIs3() {
    assertThat(askingNobody.awaitExit(Admin.ENDS)).as(askingNobody.output()).isEqualTo(NOBODY);
    assertThat(askingNobody.output()).contains("is dss ecs running?");
  }
}
