package dss.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EcsIdentityTest {
  private static final String CLUSTER = "0123456789abcdef".repeat(2);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  @Test
  void whatWasWritten_isReadAgain_withWhetherItJoins() throws IOException {
    EcsIdentity joins = EcsIdentity.join(directory.resolve("a"), "one", CLUSTER);
    assertThat(EcsIdentity.read(directory.resolve("a"))).isEqualTo(joins);
    assertThat(joins.joins()).isTrue();
    EcsIdentity founds = EcsIdentity.found(directory.resolve("b"), "one");
    assertThat(EcsIdentity.read(directory.resolve("b"))).isEqualTo(founds);
    assertThat(founds.joins()).isFalse();
    assertThat(EcsIdentity.read(directory.resolve("c"))).isNull();
  }

  @Test
  void aDiskOfItsOwn_isAnotherPeer() throws IOException {
    assertThat(EcsIdentity.join(directory.resolve("a"), "one", CLUSTER).peerId()).startsWith("one-")
        .isNotEqualTo(EcsIdentity.join(directory.resolve("b"), "one", CLUSTER).peerId());
  }

  /** However far it came: there is the state before there is anybody who would begin an empty cluster instead. */
  @Test
  void aRebuiltOne_hasItsState_beforeItIsOne() throws IOException {
    EcsIdentity.rebuild(directory, "one", CLUSTER, new byte[]{1, 2});
    assertThat(EcsIdentity.rebuilt(directory)).containsExactly(1, 2);
    Files.delete(directory.resolve("ecs.identity"));
    // As it is left by one that ended between the two: it may be done again.
    assertThat(EcsIdentity.read(directory)).isNull();
    EcsIdentity.rebuild(directory, "one", CLUSTER, new byte[]{3});
    assertThat(EcsIdentity.rebuilt(directory)).containsExactly(3);
  }

  @Test
  void whatIsForgotten_mayJoinAnother() throws IOException {
    EcsIdentity.found(directory, "one");
    Files.createDirectories(directory.resolve("raft").resolve("log"));
    Files.writeString(directory.resolve("ecs.created"), "c");
    Files.writeString(directory.resolve("events"), "what happened");
    EcsIdentity.forget(directory);
    assertThat(EcsIdentity.read(directory)).isNull();
    EcsIdentity.join(directory, "one", CLUSTER);
    try (var files = Files.list(directory)) {
      assertThat(files.map(f -> f.getFileName().toString())).containsExactlyInAnyOrder("ecs.identity",
          "events");
    }
  }

  /** A peer that founded, without its log, would begin a second cluster of the same id. */
  @Test
  void oneThatIsForgottenHalfWay_neverFoundsAgain() throws IOException {
    EcsIdentity.found(directory, "one");
    Files.createDirectories(directory.resolve("raft"));
    // Cannot be deleted as a file: there it ends.
    Files.createDirectories(directory.resolve("ecs.members").resolve("in the way"));
    assertThatThrownBy(() -> EcsIdentity.forget(directory)).isInstanceOf(IOException.class);
    assertThat(directory.resolve("raft")).doesNotExist();
    assertThat(Objects.requireNonNull(EcsIdentity.read(directory)).joins()).isTrue();
  }
}
