package dss.app.process;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code dss client}, one process for all commands: a line in, a line out. */
final class DssConsole implements Client {
  private final Process process;
  private final BufferedWriter in;
  private final BufferedReader out;

  DssConsole(Path directory, List<Node> known) {
    String servers = String.join(",", known.stream().map(Node::name).toList());
    process = DssProcess.startPiped(directory, List.of("client", "--server", servers));
    in = new BufferedWriter(process.outputWriter(StandardCharsets.UTF_8));
    out = process.inputReader(StandardCharsets.UTF_8);
  }

  /** What it answers to a line. */
  String line(String words) {
    try {
      in.write(words);
      in.newLine();
      in.flush();
      String line = out.readLine();
      if (line == null) {
        throw new IllegalStateException("dss client has ended at " + words);
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void put(String key, String value) {
    String answer = line("put " + key + " " + value);
    if (!answer.equals("PUT_SUCCESS " + key + " " + value)
        && !answer.equals("PUT_UPDATE " + key + " " + value)) {
      throw new IllegalStateException("put gave " + answer);
    }
  }

  @Override
  public @Nullable String get(String key) {
    String answer = line("get " + key);
    String success = "GET_SUCCESS " + key + " ";
    if (answer.startsWith(success)) {
      return answer.substring(success.length());
    }
    if (!answer.equals("GET_ERROR " + key)) {
      throw new IllegalStateException("get gave " + answer);
    }
    return null;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
