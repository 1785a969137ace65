package dss.ecs;

import dss.ecs.EventLog.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events on disk, a line each ({@code time what}), in two files that take turns. For people who look back: written by a
 * thread of its own and not synced, so the last second may be missing after a crash; what cannot be written is lost, and
 * the log says so. Any thread.
 */
final class EventFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventFile.class);
  private static final long CLOSE_SECONDS = 2;

  private final Path current;
  private final Path before;
  private final long bytesAtMost;
  private boolean begun;
  private final ExecutorService writer = Executors.newSingleThreadExecutor(
      Thread.ofPlatform().name("ecs-events").daemon().factory());

  /** @param bytesAtMost of each of the two files */
  EventFile(Path directory, long bytesAtMost) {
    this.current = directory.resolve("events");
    this.before = directory.resolve("events.before");
    this.bytesAtMost = bytesAtMost;
  }

  /** All that is there, oldest first; what is no event is left out. */
  List<Event> read() {
    var events = new ArrayList<Event>();
    for (Path file : List.of(before, current)) {
      try {
        if (Files.exists(file)) {
          new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines()
              .forEach(line -> parse(line, events));
        }
      } catch (IOException e) {
        LOG.warn("events in {} cannot be read: {}", file, e.toString());
      }
    }
    return events;
  }

  private static void parse(String line, List<Event> into) {
    int space = line.indexOf(' ');
    try {
      if (space > 0) {
        into.add(new Event(Instant.parse(line.substring(0, space)), line.substring(space + 1)));
      }
    } catch (DateTimeParseException e) {
      LOG.debug("not an event: {}", line);
    }
  }

  /** Returns at once. */
  void append(List<Event> events) {
    if (!events.isEmpty() && !writer.isShutdown()) {
      writer.execute(() -> write(events));
    }
  }

  private void write(List<Event> events) {
    // A line that a crash tore must not take the next one with it.
    var lines = new StringBuilder(begun ? "" : "\n");
    begun = true;
    events.forEach(event -> lines.append(event.time()).append(' ').append(event.what()).append('\n'));
    try {
      if (Files.exists(current) && Files.size(current) >= bytesAtMost) {
        Files.move(current, before, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.writeString(current, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      LOG.warn("{} events cannot be written to {}: {}", events.size(), current, e.toString());
    }
  }

  /** Writes what was appended, then ends its thread. */
  @Override
  public void close() {
    writer.shutdown();
    try {
      if (!writer.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("the last events are not on disk");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
