package dss.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Names of stretches of a run, as a file tells while the run goes on: whoever does something to the servers meanwhile
 * writes there what it is. A second belongs to what was named last in it. Safe for any thread.
 */
final class Stages {
  /** Said instead of a name: the run is over. */
  static final String END = "end";
  private static final String UNNAMED = "-";

  private final Path file;
  private final TreeMap<Integer, String> from = new TreeMap<>();
  private boolean ended;

  Stages(Path file) {
    this.file = file;
  }

  /** Looks at the file; this second is under way. */
  synchronized void look(int second) throws IOException {
    String name;
    try {
      name = Files.readString(file).strip();
    } catch (NoSuchFileException e) {
      name = "";
    }
    ended |= name.equals(END);
    if (!name.isEmpty() && !name.equals(END) && !name.equals(of(second))) {
      from.put(second, name);
    }
  }

  synchronized boolean ended() {
    return ended;
  }

  /** The name of a second. */
  synchronized String of(int second) {
    Map.Entry<Integer, String> at = from.floorEntry(second);
    return at == null ? UNNAMED : at.getValue();
  }
}
