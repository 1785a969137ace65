package dss.app.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** {@code dss admin} and other commands that end by themselves, as processes. */
final class Admin {
  static final Duration ENDS = Duration.ofSeconds(60);
  private static final List<String> JVM = List.of("-XX:TieredStopAtLevel=1", "-Xmx128m");
  private static final AtomicInteger COUNT = new AtomicInteger();

  private Admin() {}

  static DssProcess start(Path directory, int ecs, String... words) {
    var line = new ArrayList<>(List.of("admin", "--ecs", "127.0.0.1:" + ecs));
    line.addAll(List.of(words));
    return run(directory, line.toArray(new String[0]));
  }

  /** Any words of {@code dss}. */
  static DssProcess run(Path directory, String... words) {
    return DssProcess.start(directory, "dss-" + COUNT.incrementAndGet(), JVM, List.of(words));
  }
}
