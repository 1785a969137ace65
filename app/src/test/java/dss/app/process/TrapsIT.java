package dss.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Traps that other systems fell into, on real processes; docs/replication.md lists all of them, and where the others are
 * tested.
 */
@ExtendWith(ShowOutput.class)
@SuppressWarnings("NullAway.Init")
class TrapsIT {
  private static final Duration SOON = Duration.ofSeconds(5);

  @TempDir
  Path directory;
  private TestCluster cluster;
  private Node victim;
  private Path data;
  private final Pairs pairs = new Pairs("trap:", 3_000);

  @BeforeEach
  void start() {
    cluster = TestCluster.grown(directory, 3);
    victim = cluster.node(2);
    data = directory.resolve("server-" + victim.port());
    pairs.write(cluster.node(0));
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  private static void copy(Path from, Path to) {
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path tree) {
    try (var files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With the others gone in turn: what it holds is what was acknowledged last. */
  private void assertItsCopiesAreRight() {
    cluster.ecs().awaitBalanced();
    pairs.assertAllThere(victim);
    cluster.node(0).process().kill();
    cluster.ecs().awaitStatus(cluster.node(0).port(), "DOWN", SOON);
    Await.until("the others serve", Duration.ofSeconds(10),
        () -> !Ring.slotsOf(victim.port()).shares().containsKey(cluster.node(0).port()));
    pairs.assertAllThere(victim);
  }

  /** A disk that was set back to an older image: it acknowledged what it does not have any more. */
  @Test
  void aServerWithAnOlderDisk_beginsAsALearner() {
    assertThat(victim.stop()).isEqualTo(143);
    Path image = directory.resolve("image");
    copy(data, image);
    victim.startAgain();
    cluster.ecs().awaitBalanced();
    pairs.write(cluster.node(0));
    victim.process().kill();
    cluster.ecs().awaitStatus(victim.port(), "DOWN", SOON);
    delete(data);
    copy(image, data);
    victim.startAgain();
    assertItsCopiesAreRight();
    assertThat(cluster.ecs().events()).anyMatch(event -> event.contains("with another disk"));
  }

  /** An empty disk at an old address: another server, which takes the place of the one that was there. */
  @Test
  void aWipedServerUnderItsOldAddress_isAnotherServer_andTakesItsPlace() {
    String before = cluster.ecs().line(victim.port()).id();
    victim.process().kill();
    cluster.ecs().awaitStatus(victim.port(), "DOWN", SOON);
    delete(data);
    victim.startAgain();
    Await.until("it is known", Ecs.STARTS, () -> cluster.ecs().lines().stream()
        .anyMatch(line -> line.port() == victim.port() && !line.id().equals(before)));
    cluster.ecs().add(victim.port());
    Await.until("it has taken the other's place", Ecs.SETTLES,
        () -> cluster.ecs().number("underReplicated") == 0
            && cluster.ecs().lines().stream().filter(line -> line.copies() > 0).count() == 3);
    assertItsCopiesAreRight();
  }

  /** A copy that was cut off half way by the end of the process that took it in is no copy. */
  @Test
  void aCopyInterruptedByAKill_isMadeAgain() {
    Node fourth = cluster.startServer();
    cluster.ecs().add(fourth.port());
    Await.until("copies come", SOON, () -> cluster.ecs().line(fourth.port()).copies() > 0);
    fourth.process().kill();
    fourth.startAgain();
    cluster.ecs().awaitBalanced();
    assertThat(cluster.ecs().line(fourth.port()).copies()).isEqualTo(768);
    pairs.assertAllThere(fourth);
    cluster.remove(victim);
    pairs.assertAllThere(fourth);
  }
}
