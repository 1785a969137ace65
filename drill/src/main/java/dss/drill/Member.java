package dss.drill;

import dss.core.cluster.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server or an ECS of a drill: a process that may be ended and started again. For one thread. */
final class Member {
  enum Kind {
    ECS, SERVER
  }

  private static final long END_SECONDS = 20;

  final Kind kind;
  final String name;
  /** Where it is found, which may be through a proxy. */
  final Address announced;
  /** Where it listens. */
  final Address listening;
  private final Launcher launcher;
  private final Path home;
  private final List<String> words;
  private @Nullable Process process;
  private boolean paused;
  private boolean toldToEnd;

  Member(Kind kind, String name, Address announced, Address listening, Launcher launcher, Path home,
      List<String> words) {
    this.kind = kind;
    this.name = name;
    this.announced = announced;
    this.listening = listening;
    this.launcher = launcher;
    this.home = home;
    this.words = List.copyOf(words);
  }

  void start() throws IOException {
    Files.createDirectories(home);
    var jvm = new ArrayList<>(kind == Kind.ECS
        ? List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m")
        : List.of("-XX:+UseSerialGC", "-Xmx192m", "-Ddss.fault.sync=" + slowFile()));
    process = launcher.start(jvm, words, output());
    paused = false;
    toldToEnd = false;
  }

  /** While there is such a file each fsync of the log takes as many milliseconds longer as it says. */
  Path slowFile() {
    return home.resolve(".slow-sync");
  }

  Path home() {
    return home;
  }

  Path output() {
    return home.resolve("output");
  }

  private Process process() {
    Process now = process;
    if (now == null) {
      throw new IllegalStateException(name + " was never started");
    }
    return now;
  }

  boolean isAlive() {
    return process != null && process().isAlive();
  }

  /** Whether it is gone though nobody ended it. */
  boolean endedByItself() {
    return !isAlive() && !toldToEnd;
  }

  boolean isPaused() {
    return paused;
  }

  long pid() {
    return process().pid();
  }

  /** kill -9, until it is gone. */
  void kill() throws IOException {
    toldToEnd = true;
    process().destroyForcibly();
    awaitEnd();
  }

  /** SIGTERM, until it has ended by itself. */
  void terminate() throws IOException {
    toldToEnd = true;
    process().destroy();
    awaitEnd();
  }

  void awaitEnd() throws IOException {
    if (process == null) {
      return;
    }
    try {
      if (!process().waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException(name + " still runs after " + END_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** SIGSTOP: it stays, and does nothing. */
  void pause() throws IOException {
    signal("STOP");
    paused = true;
  }

  /** SIGCONT. */
  void resume() throws IOException {
    signal("CONT");
    paused = false;
  }

  private void signal(String signal) throws IOException {
    try {
      int status = new ProcessBuilder("kill", "-" + signal, Long.toString(pid())).inheritIO().start()
          .waitFor();
      if (status != 0) {
        throw new IOException("kill -" + signal + " of " + name + " gave " + status);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** By force, whatever it is doing. */
  void end() {
    if (process != null) {
      process().destroyForcibly();
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
