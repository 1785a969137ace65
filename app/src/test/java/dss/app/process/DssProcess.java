package dss.app.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A process of its own that runs {@code dss}, by the JVM and the classes of the test. Whatever is started here is ended
 * with the test's JVM at the latest.
 */
final class DssProcess {
  /** In /proc/PID/task/TID/stat, behind the name. */
  private static final int NICE_FIELD = 16;
  private static final Duration END = Duration.ofSeconds(10);
  private static final int TAIL = 16_000;
  private static final Set<Process> STARTED = ConcurrentHashMap.newKeySet();
  private static final Collection<DssProcess> SHOWN = new ConcurrentLinkedQueue<>();
  private static final List<String> JVM = List.of("-XX:+UseSerialGC", "-XX:-UsePerfData",
      "--enable-native-access=ALL-UNNAMED",
      "--sun-misc-unsafe-memory-access=allow",
      "-Djava.library.path=" + Path.of("target", "native").toAbsolutePath());

  static {
    Runtime.getRuntime().addShutdownHook(
        new Thread(() -> STARTED.forEach(Process::destroyForcibly), "end what tests started"));
  }

  private final String name;
  private final Process process;
  private final Path output;
  private final long outputFrom;

  private DssProcess(String name, Process process, Path output, long outputFrom) {
    this.name = name;
    this.process = process;
    this.output = output;
    this.outputFrom = outputFrom;
  }

  /** Starts {@code dss} with these words; what it writes is appended to a file in {@code directory}. */
  static DssProcess start(Path directory, String name, List<String> jvm, List<String> words) {
    Path output = directory.resolve(name + ".out");
    try {
      long from = Files.exists(output) ? Files.size(output) : 0;
      Process process = launch(builder(directory, jvm, words).redirectErrorStream(true)
          .redirectInput(new File("/dev/null"))
          .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile())));
      var started = new DssProcess(name, process, output, from);
      SHOWN.add(started);
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts {@code dss} with these words, to be talked with through its standard input and output. */
  static Process startPiped(Path directory, List<String> words) {
    try {
      return launch(builder(directory, List.of("-XX:TieredStopAtLevel=1"), words)
          .redirectError(directory.resolve("piped.err").toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Process launch(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    STARTED.add(process);
    return process;
  }

  private static ProcessBuilder builder(Path directory, List<String> jvm, List<String> words) {
    var line = new ArrayList<String>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(JVM);
    line.addAll(jvm);
    line.addAll(List.of("-cp", classPath(), "dss.app.Main"));
    line.addAll(words);
    var builder = new ProcessBuilder(line).directory(directory.toFile());
    builder.environment().keySet().removeIf(variable -> variable.startsWith("DSS_"));
    return builder;
  }

  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.endsWith("test-classes")).collect(Collectors.joining(File.pathSeparator));
  }

  /** Waits until it has written this, or says what it wrote instead. */
  DssProcess awaitOutput(String text, Duration bound) {
    try {
      Await.until(name + " writes '" + text + "'", bound, () -> {
        if (!process.isAlive() && !output().contains(text)) {
          throw new AssertionError(
              name + " ended with status " + process.exitValue() + " and wrote:\n" + output());
        }
        return output().contains(text);
      });
    } catch (org.awaitility.core.ConditionTimeoutException e) {
      throw new AssertionError(e.getMessage() + "; it wrote:\n" + output(), e);
    }
    return this;
  }

  /** What this process has written. */
  String output() {
    try {
      byte[] bytes = Files.readAllBytes(output);
      int from = (int) Math.min(outputFrom, bytes.length);
      return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  int awaitExit(Duration bound) {
    try {
      if (!process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(
            name + " still runs after " + bound.toSeconds() + " s; it wrote:\n" + output());
      }
      STARTED.remove(process);
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** kill -9; returns at once. */
  void kill() {
    process.destroyForcibly();
  }

  /** SIGTERM. */
  void terminate() {
    signal("TERM");
  }

  /** SIGSTOP: it stays, and does nothing. */
  void pause() {
    signal("STOP");
  }

  /** SIGCONT. */
  void resume() {
    signal("CONT");
  }

  private void signal(String signal) {
    try {
      int status = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).inheritIO().start()
          .waitFor();
      if (status != 0) {
        throw new AssertionError("kill -" + signal + " of " + name + " gave " + status);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Ends it by force and waits until it is gone. */
  void end() {
    kill();
    awaitExit(END);
    SHOWN.remove(this);
  }

  /** The ends of what the processes wrote that no test has ended yet. */
  static String outputs() {
    SHOWN.removeIf(p -> !Files.exists(p.output));
    return SHOWN.stream().map(p -> {
      String text = p.output();
      return "---- " + p.name + (p.isAlive() ? "" : " (ended)") + "\n"
          + text.substring(Math.max(0, text.length() - TAIL));
    }).collect(Collectors.joining("\n"));
  }

  /** How nice its threads are whose names for the system begin so (Linux). */
  List<Integer> niceOf(String name) {
    var found = new ArrayList<Integer>();
    try (var tasks = Files.newDirectoryStream(Path.of("/proc", Long.toString(process.pid()), "task"))) {
      for (Path task : tasks) {
        if (Files.readString(task.resolve("comm")).startsWith(name)) {
          String stat = Files.readString(task.resolve("stat"));
          found.add(Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[NICE_FIELD]));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }
}
