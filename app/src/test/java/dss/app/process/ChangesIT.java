package dss.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a person asks of copies on their way: plans, a list, to stop and to go on, and to give up what is lost. */
@ExtendWith(ShowOutput.class)
@SuppressWarnings("NullAway.Init")
class ChangesIT {
  private static final int COPIES_OF_FOURTH = 768;
  private static final Duration SOON = Duration.ofSeconds(5);

  @TempDir
  Path directory;
  private TestCluster cluster;

  @AfterEach
  void end() {
    cluster.close();
  }

  private String done(String... words) {
    DssProcess admin = cluster.admin(words);
    assertThat(admin.awaitExit(Admin.ENDS)).as(admin.output()).isZero();
    return admin.output();
  }

  private String refused(String... words) {
    DssProcess admin = cluster.admin(words);
    assertThat(admin.awaitExit(Admin.ENDS)).as(admin.output()).isEqualTo(1);
    return admin.output();
  }

  private static String port(Node node) {
    return Integer.toString(node.port());
  }

  @Test
  void anAddition_isPlanned_cancelledAndResumed() {
    cluster = TestCluster.grown(directory, 3);
    Node fourth = cluster.startServer();
    var pairs = new Pairs("kept:", 2_000);
    pairs.write(cluster.node(0));
    assertThat(done("changes")).isEqualTo("nothing is on its way\n");
    assertThat(done("rebalance", "--plan")).contains("copies to make: 0, in 0 of 1024 shards");
    assertThat(done("add", "127.0.0.1", port(fourth), "--plan"))
        .containsPattern("copies to make: 768, in 768 of 1024 shards, .*, about [0-9]+ s;");
    assertThat(refused("resume")).contains("nothing is cancelled");

    assertThat(done("cancel")).startsWith("cancelled: nothing moves until resume");
    assertThat(refused("cancel")).contains("it is cancelled already");
    assertThat(refused("add", "127.0.0.1", port(fourth))).contains("adding 127.0.0.1:" + fourth.port())
        .contains("cancelled: shards stay where they are until resume");
    assertThat(done("changes")).contains("cancelled: only copies that are missing are made; resume goes on")
        .contains("add     127.0.0.1:" + fourth.port() + ": 768 of 768 copies to come");
    assertThat(cluster.ecs().line(fourth.port()).copies()).isZero();
    assertThat(cluster.ecs().print()).containsEntry("balanced", false).containsEntry("paused", true);

    assertThat(done("resume")).startsWith("resumed\n").endsWith("balanced\n");
    assertThat(cluster.ecs().line(fourth.port()).copies()).isEqualTo(COPIES_OF_FOURTH);
    assertThat(done("rebalance")).startsWith("rebalancing\n").endsWith("balanced\n");
    removalIsCancelledHalfWay(fourth);
    pairs.assertAllThere(fourth);
  }

  private void removalIsCancelledHalfWay(Node server) {
    cluster.ecs().remove(server.port());
    Await.until("shards move", SOON, () -> cluster.ecs().line(server.port()).copies() < COPIES_OF_FOURTH);
    assertThat(cluster.ecs().tell("CANCEL")).startsWith("cancelled");
    Await.until("what is half way is dropped", SOON, () -> cluster.ecs().number("moving") == 0);
    int left = cluster.ecs().line(server.port()).copies();
    assertThat(cluster.ecs().tell("CHANGES"))
        .contains("remove  127.0.0.1:" + server.port() + ": " + left + " copies");
    assertThat(cluster.ecs().statusOf(server.port())).isEqualTo("ACTIVATED");
    assertThat(done("resume")).endsWith("balanced\n");
    assertThat(cluster.ecs().statusOf(server.port())).isEqualTo("STOPPED");
  }

  @Test
  void aDeadServerThatAloneHasWrites_isRemovedOnlyWhereTheirLossIsAccepted() {
    cluster = TestCluster.grown(directory, 3, "--replicas", "1", "--repair-after", "2s");
    var pairs = new Pairs("lost:", 1_000);
    pairs.write(cluster.node(0));
    Node dead = cluster.node(2);
    int alone = cluster.ecs().line(dead.port()).copies();
    dead.process().kill();
    cluster.ecs().awaitStatus(dead.port(), "DOWN", SOON);
    assertThat(refused("remove", "127.0.0.1", port(dead)))
        .contains("is down and alone holds acknowledged writes of " + alone + " shards (")
        .contains("--accept-data-loss");
    assertThat(done("remove", "127.0.0.1", port(dead), "--plan"))
        .contains("refused without --accept-data-loss");
    assertThat(done("remove", "127.0.0.1", port(dead), "--accept-data-loss"))
        .contains("what no other server has of " + alone + " shards (").endsWith("removed\n");
    assertThat(cluster.assertAgreement().shares()).hasSize(2);
    assertThat(cluster.ecs().events())
        .anyMatch(event -> event.contains("begun again with what is left of it"));

    // What is empty now is written again; what the others had is there.
    pairs.write(cluster.node(0));
    pairs.assertAllThere(cluster.node(1));
    dead.startAgain();
    cluster.ecs().awaitStatus(dead.port(), "STOPPED", Ecs.STARTS);
    cluster.add(dead);
    pairs.assertAllThere(dead);
    assertThat(List.of(cluster.ecs().number("lost"), cluster.ecs().number("underReplicated")))
        .containsOnly(0);
  }
}
