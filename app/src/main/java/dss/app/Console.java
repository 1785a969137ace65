package dss.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/** Lines from a terminal (edited, with a history) or from a pipe. */
final class Console {
  /** What is done with a line; false: no more lines. */
  interface OnLine {
    boolean line(String line) throws InterruptedException;
  }

  private Console() {}

  static boolean isTerminal() {
    return System.console() != null && System.console().isTerminal();
  }

  /** Reads until the end of input or until {@code each} has enough; whether it had enough. */
  static boolean run(String prompt, OnLine each) throws IOException, InterruptedException {
    return isTerminal() ? edited(prompt, each) : piped(each);
  }

  private static boolean piped(OnLine each) throws IOException, InterruptedException {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.ISO_8859_1));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      // Bytes as they came: keys and values need not be text.
      if (!each.line(line)) {
        return true;
      }
    }
    return false;
  }

  private static boolean edited(String prompt, OnLine each) throws IOException, InterruptedException {
    try (var terminal = TerminalBuilder.builder().system(true).build()) {
      LineReader reader = LineReaderBuilder.builder().terminal(terminal)
          .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true).parser(new Verbatim()).build();
      while (true) {
        String line = next(reader, prompt);
        if (line == null) {
          return false;
        }
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        if (!each.line(new String(bytes, StandardCharsets.ISO_8859_1))) {
          return true;
        }
      }
    }
  }

  private static @Nullable String next(LineReader reader, String prompt) {
    try {
      return reader.readLine(prompt);
    } catch (UserInterruptException | EndOfFileException e) {
      return null;
    }
  }

  /** The line as it was typed: splitting into words is ours. */
  private static final class Verbatim extends org.jline.reader.impl.DefaultParser {
    @Override
    public org.jline.reader.ParsedLine parse(String line, int cursor, ParseContext context) {
      return new ArgumentList(line, List.of(line), 0, cursor, cursor, null, 0, 0);
    }
  }
}
