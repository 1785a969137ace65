package dss.app.process;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code redis-cli -c}: one process that is given lines, which is started again only where it has ended by itself or
 * its connection is beyond its own repair.
 */
final class RedisCli implements Client {
  private static final String PROGRAM = "redis-cli";

  private final IntSupplier port;
  private @Nullable Process process;
  private @Nullable BufferedReader replies;

  /** @param port where each process of it connects at first */
  RedisCli(IntSupplier port) {
    this.port = port;
  }

  /** Skips the test where there is no redis-cli; with CI=true that is a failure. */
  static void require() {
    boolean there = isThere();
    if (!there && "true".equals(System.getenv("CI"))) {
      throw new AssertionError("redis-cli is missing, and CI=true: install redis-tools");
    }
    if (!there) {
      System.out.println("redis-cli is missing: what needs it is skipped (install redis-tools)");
    }
    assumeTrue(there, "redis-cli is installed");
  }

  private static boolean isThere() {
    try {
      return new ProcessBuilder(PROGRAM, "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Runs one command in a process of its own; all that it wrote. */
  static String once(int port, String... words) {
    var line = new java.util.ArrayList<>(List.of(PROGRAM, "-c", "-p", Integer.toString(port)));
    line.addAll(List.of(words));
    try {
      Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(line + " does not end");
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void put(String key, String value) {
    String answer = line("SET " + key + " " + value);
    if (!answer.equals("OK")) {
      throw new IllegalStateException("redis-cli: " + answer);
    }
  }

  @Override
  public @Nullable String get(String key) {
    String answer = line("GET " + key);
    return answer.isEmpty() ? null : answer;
  }

  private String line(String command) {
    try {
      BufferedReader from = open();
      OutputStream to = java.util.Objects.requireNonNull(process).getOutputStream();
      to.write((command + "\n").getBytes(StandardCharsets.UTF_8));
      to.flush();
      String answer = from.readLine();
      while (answer != null && answer.startsWith("-> Redirected")) {
        answer = from.readLine();
      }
      if (answer == null || isBroken(answer)) {
        close();
        throw new IllegalStateException("redis-cli: " + (answer == null ? "it ended" : answer));
      }
      return answer;
    } catch (IOException e) {
      close();
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isBroken(String answer) {
    return answer.startsWith("Could not connect") || answer.startsWith("Error:");
  }

  private BufferedReader open() throws IOException {
    BufferedReader now = replies;
    if (now == null) {
      Process started = new ProcessBuilder(PROGRAM, "-c", "-p", Integer.toString(port.getAsInt()))
          .redirectErrorStream(true).start();
      process = started;
      now = started.inputReader(StandardCharsets.UTF_8);
      replies = now;
    }
    return now;
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
    }
    process = null;
    replies = null;
  }
}
