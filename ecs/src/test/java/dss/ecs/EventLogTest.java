package dss.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import dss.ecs.EventLog.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogTest {
  @TempDir
  Path directory;

  private static List<String> words(List<Event> events) {
    return events.stream().map(Event::what).toList();
  }

  @Test
  void shardsDoNotPushOutWhatHappenedToServers_andBothAreBounded() {
    var log = new EventLog();
    log.add("server a is ACTIVATED");
    for (int i = 0; i < 25_000; i++) {
      log.add("shard " + i + " epoch 1");
    }
    assertThat(words(log.last(30_000))).hasSize(20_001)
        .startsWith("server a is ACTIVATED", "shard 5000 epoch 1")
        .endsWith("shard 24999 epoch 1");
    assertThat(words(log.last(2))).containsExactly("shard 24998 epoch 1", "shard 24999 epoch 1");
    for (int i = 0; i < 6_000; i++) {
      log.add("server " + i);
    }
    assertThat(words(log.last(30_000)).stream().filter(what -> what.startsWith("server"))).hasSize(5_000);
  }

  @Test
  void whatIsSaved_isThereAfterARestart_andIsSavedOnce() {
    var log = new EventLog();
    try (var file = new EventFile(directory, 1 << 20)) {
      log.add("server a");
      log.add("shard 1: handed over");
      file.append(log.takeUnsaved());
      log.add("server b");
      file.append(log.takeUnsaved());
      file.append(log.takeUnsaved());
    }
    var next = new EventLog();
    try (var file = new EventFile(directory, 1 << 20)) {
      next.restore(file.read());
      next.add("server c");
      file.append(next.takeUnsaved());
    }
    assertThat(next.last(3)).isEqualTo(List.of(log.last(2).get(0), log.last(1).get(0), next.last(1).get(0)));
    try (var file = new EventFile(directory, 1 << 20)) {
      assertThat(words(file.read())).containsExactly("server a", "shard 1: handed over", "server b",
          "server c");
    }
  }

  @Test
  void twoFilesTakeTurns_soThatTheDiskIsBounded() throws IOException {
    for (int i = 0; i < 40; i++) {
      try (var file = new EventFile(directory, 200)) {
        file.append(List.of(new Event(Instant.EPOCH, "number " + i)));
      }
    }
    try (var file = new EventFile(directory, 200)) {
      assertThat(words(file.read())).hasSizeBetween(8, 16).endsWith("number 38", "number 39");
    }
    try (var files = Files.list(directory)) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void shardsDoNotPushOutWhatHappenedToServers_onDisk() {
    try (var file = new EventFile(directory, 200)) {
      file.append(List.of(new Event(Instant.EPOCH, "server a added")));
      for (int i = 0; i < 40; i++) {
        file.append(List.of(new Event(Instant.EPOCH.plusSeconds(i), "shard " + i)));
      }
    }
    try (var file = new EventFile(directory, 200)) {
      assertThat(words(file.read())).startsWith("server a added").endsWith("shard 38", "shard 39")
          .doesNotContain("shard 1");
    }
  }

  @Test
  void aTornOrForeignLine_isLeftOut() throws IOException {
    Files.writeString(directory.resolve("events"), "rubbish\n\n1970-01-01T00:00:00Z good\n1970-01-0",
        StandardOpenOption.CREATE);
    try (var file = new EventFile(directory, 1 << 20)) {
      assertThat(file.read()).containsExactly(new Event(Instant.EPOCH, "good"));
      file.append(List.of(new Event(Instant.EPOCH, "next")));
    }
    try (var file = new EventFile(directory, 1 << 20)) {
      assertThat(words(file.read())).containsExactly("good", "next");
    }
  }
}
