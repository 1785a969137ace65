package dss.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Disks that are nearly full, made so by a reserve that no disk has: what goes on, what is refused, what is placed. */
@ExtendWith(ShowOutput.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init")
class FullDiskIT {
  private static final String FULL = Long.toString(1L << 50);
  private static final String ROOMY = Long.toString(1L << 20);
  private static final Duration SEEN = Duration.ofSeconds(10);
  private static final Pairs PAIRS = new Pairs("disk:", 5_000);

  @TempDir
  static Path directory;
  private static TestCluster cluster;
  private static Node fourth;

  @BeforeAll
  static void start() {
    cluster = TestCluster.grown(directory, 3);
    fourth = cluster.startServer();
    PAIRS.write(cluster.node(0));
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static void reserve(Node node, String bytes) {
    assertThat(Resp.ask(node.port(), "CONFIG", "SET", "disk-reserve", bytes)).isEqualTo("OK");
    boolean low = bytes.equals(FULL);
    assertThat(node.info("disk_low")).isEqualTo(low ? 1 : 0);
    Await.until("the ECS has heard it", SEEN, () -> cluster.ecs().line(node.port()).diskLow() == low);
  }

  /** What the owner answers, whoever that is by now. */
  private static String ask(String command, String key, String... more) {
    var words = new ArrayList<>(List.of(command, key));
    words.addAll(List.of(more));
    var reply = new AtomicReference<>("");
    Await.until("the owner answers", SEEN, () -> {
      int owner = Ring.slotsOf(cluster.node(0).port()).owner(key);
      Object answer = Resp.ask(owner, words.toArray(String[]::new));
      reply.set(answer instanceof Resp.Err error ? error.text() : String.valueOf(answer));
      return !reply.get().startsWith("MOVED");
    });
    return reply.get();
  }

  @Test
  @Order(1)
  void whereNoDiskHasSpace_writesAreRefused_andReadsAndDeletesGoOn() {
    cluster.nodesBut(fourth).forEach(each -> reserve(each, FULL));
    Await.until("writes are refused", SEEN, () -> ask("SET", "disk:1", "full").startsWith("OOM disk"));
    cluster.ecs().awaitBalanced();
    assertThat(ask("APPEND", "disk:2", "full")).startsWith("OOM disk");
    assertThat(ask("PUT", "disk:2", "full")).startsWith("OOM disk");
    assertThat(ask("INCR", "disk:3")).startsWith("OOM disk");
    assertThat(ask("DEL", "disk:0")).isEqualTo("1");
    assertThat(ask("GET", "disk:0")).isEqualTo("null");
    assertThat(ask("GET", "disk:2")).startsWith("disk:2=");
  }

  @Test
  @Order(2)
  void aFullServer_leadsNothing_asOthersHaveSpace_andEveryKeyIsWritten() {
    reserve(cluster.node(0), ROOMY);
    reserve(cluster.node(1), ROOMY);
    Node full = cluster.node(2);
    Await.until("the others lead", SEEN, () -> cluster.ecs().line(full.port()).primaries() == 0);
    cluster.ecs().awaitBalanced();
    assertThat(cluster.ecs().line(full.port()).copies()).isEqualTo(cluster.ecs().number("shards"));
    assertThat(cluster.assertAgreement().shares()).hasSize(2);
    PAIRS.write(cluster.node(0));
    PAIRS.assertAllThere(full);
  }

  @Test
  @Order(3)
  void nothingIsPlacedOnAFullNewcomer_untilItHasSpace_andThenTheFullOneMovesItsShareAway() {
    reserve(fourth, FULL);
    cluster.add(fourth);
    assertThat(cluster.ecs().line(fourth.port()).copies()).isZero();
    reserve(fourth, ROOMY);
    int share = cluster.ecs().number("shards") * 3 / 4;
    Await.until("it gets its share", Ecs.SETTLES, () -> cluster.ecs().line(fourth.port()).copies() == share);
    cluster.ecs().awaitBalanced();
    assertThat(cluster.ecs().line(cluster.node(2).port()).copies()).isEqualTo(share);
    assertThat(cluster.assertAgreement().shares()).hasSize(3).doesNotContainKey(cluster.node(2).port());
    PAIRS.assertAllThere(fourth);
  }

  @Test
  @Order(4)
  void aFullServerIsRemoved_andGivesAllAway() {
    cluster.remove(cluster.node(2));
    assertThat(cluster.ecs().line(cluster.node(2).port()).copies()).isZero();
    PAIRS.assertAllThere(cluster.node(2));
  }
}
