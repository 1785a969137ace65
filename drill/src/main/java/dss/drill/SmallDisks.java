package dss.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Small file systems in memory, so that a disk can be full: for root on Linux alone. */
final class SmallDisks implements AutoCloseable {
  /** Beside a server's other files; its data lies in it. */
  static final String MOUNTED = "disk";
  private static final String SIZE = "600m";

  private final List<Path> mounted = new ArrayList<>();

  /** Mounts one there; an IOException says why that is impossible. */
  void mount(Path at) throws IOException {
    Files.createDirectories(at);
    run("mount", "-t", "tmpfs", "-o", "size=" + SIZE, "dss-drill", at.toString());
    mounted.add(at);
  }

  static boolean areAllowed() {
    return "root".equals(System.getProperty("user.name")) && Files.isExecutable(Path.of("/bin/mount"));
  }

  private static void run(String... words) throws IOException {
    try {
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(),
          java.nio.charset.StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", words) + ": " + output.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() throws IOException {
    for (Path at : mounted) {
      run("umount", at.toString());
    }
    mounted.clear();
  }
}
