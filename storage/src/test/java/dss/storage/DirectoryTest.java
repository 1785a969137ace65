package dss.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dss.core.storage.ServerIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryTest {
  @TempDir
  Path directory;

  @Test
  void emptyDirectory_isFormatted_andKeepsItsIdentity() {
    ServerIdentity first;
    try (var bench = new Bench(directory)) {
      first = bench.storage.identity();
      assertThat(first.serverId()).matches("[0-9a-f]{40}");
      assertThat(first.diskId()).isNotZero();
    }
    try (var bench = new Bench(directory)) {
      assertThat(bench.storage.identity()).isEqualTo(first);
      var changed = new ServerIdentity(first.clusterId(), first.shards(), first.serverId(), 5, 9,
          List.of(1L, 2L));
      bench.run(() -> bench.storage.saveIdentity(changed));
      assertThat(bench.storage.identity()).isEqualTo(changed);
    }
    try (var bench = new Bench(directory)) {
      assertThat(bench.storage.identity().boot()).isEqualTo(9);
      assertThat(bench.storage.identity().unconfirmed()).containsExactly(1L, 2L);
    }
  }

  @Test
  void foreignDirectory_isRefused_andLeftAlone() throws IOException {
    Files.writeString(directory.resolve("thesis.txt"), "precious");
    assertThatThrownBy(() -> new Bench(directory)).isInstanceOf(StorageException.class)
        .hasMessageContaining("thesis.txt").hasMessageContaining("name another one");
    try (var files = Files.list(directory)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void secondOpening_isRefused() {
    try (var bench = new Bench(directory)) {
      assertThatThrownBy(() -> new Bench(directory)).isInstanceOf(StorageException.class)
          .hasMessageContaining("in use by another process");
      assertThat(bench.fatal).isEmpty();
    }
    new Bench(directory).close();
  }

  @Test
  void newerDirectory_namesBothVersions() throws IOException {
    new Bench(directory).close();
    Path identity = directory.resolve("identity");
    byte[] bytes = Files.readAllBytes(identity);
    bytes[4] = 3;
    Files.write(identity, bytes);
    assertThatThrownBy(() -> new Bench(directory)).isInstanceOf(StorageException.class)
        .hasMessageContaining("format 3").hasMessageContaining("format 1")
        .hasMessageContaining("newer program");
  }

  @Test
  void damagedIdentity_namesTheFile() throws IOException {
    new Bench(directory).close();
    Path identity = directory.resolve("identity");
    byte[] bytes = Files.readAllBytes(identity);
    bytes[bytes.length - 1] ^= 1;
    Files.write(identity, bytes);
    assertThatThrownBy(() -> new Bench(directory)).isInstanceOf(StorageException.class)
        .hasMessageContaining("identity is damaged at offset");
  }

  @Test
  void clusterState_isKept() {
    assertThat(DiskStorage.savedClusterState(directory)).isEmpty();
    try (var bench = new Bench(directory)) {
      bench.run(() -> bench.storage.saveClusterState(new byte[]{1}));
      bench.run(() -> bench.storage.saveClusterState(new byte[]{1, 2, 3}));
      Bench.until("saved", () -> DiskStorage.savedClusterState(directory).map(state -> state.length)
          .equals(Optional.of(3)));
    }
    assertThat(DiskStorage.savedClusterState(directory)).hasValueSatisfying(
        state -> assertThat(state).containsExactly(1, 2, 3));
  }

  @Test
  void anotherRing_isRefused() {
    try (var bench = new Bench(directory)) {
      ServerIdentity id = bench.storage.identity();
      assertThatThrownBy(() -> bench.run(() -> bench.storage.saveIdentity(
          new ServerIdentity(id.clusterId(), 32, id.serverId(), id.diskId(), 1, List.of()))))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
