package dss.drill;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How processes of {@code dss} are started: as this one was.
 *
 * @param java the program and its options, without those of memory
 * @param tail the class path and the main class
 */
public record Launcher(List<String> java, List<String> tail) {
  public Launcher {
    java = List.copyOf(java);
    tail = List.copyOf(tail);
  }

  /** Starts it; what it writes is appended to a file. */
  Process start(List<String> jvm, List<String> words, Path output) throws IOException {
    var line = new ArrayList<>(java);
    line.addAll(jvm);
    line.addAll(tail);
    line.addAll(words);
    var builder = new ProcessBuilder(line).redirectErrorStream(true)
        .redirectInput(new File("/dev/null"))
        .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
    builder.environment().keySet().removeIf(variable -> variable.startsWith("DSS_"));
    return builder.start();
  }
}
